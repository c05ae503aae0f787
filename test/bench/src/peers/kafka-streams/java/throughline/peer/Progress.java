package throughline.peer;

/** How far the topology is: written by its one thread, read by the one that reports. */
final class Progress {
  static volatile long consumed;
  static volatile long forwarded;
  static volatile long reconciled;
  /** When the transaction under way was begun and the last one committed, {@link System#nanoTime}. */
  static volatile boolean inTransaction;
  static volatile long committedAt;
  static volatile long commits;

  private Progress() {}
}
