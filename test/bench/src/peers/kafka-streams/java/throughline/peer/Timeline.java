package throughline.peer;

import java.util.Arrays;

/** One subject's facts in a row of bytes: fact id, instant, sequence, content hash, item; 44 bytes each. */
final class Timeline {
  static final int ENTRY = 44;
  private static final int INSTANT = 16;
  private static final int SEQUENCE = 24;
  private static final int HASH = 28;
  private static final int ITEM = 36;

  private Timeline() {}

  /** The timeline with the event in it; null where nothing changes: it is a repeat, or older than what is known. */
  static byte[] merged(byte[] known, byte[] event, EventReader word) {
    int length = known == null ? 0 : known.length;
    int at = placeOf(known, length, event);
    if (at < length && !isLater(known, at, word)) return null;
    byte[] next;
    if (length == 0) next = new byte[ENTRY];
    else next = Arrays.copyOf(known, at < length ? length : length + ENTRY);
    System.arraycopy(event, EventReader.FACT, next, at, 16);
    EventReader.LONG.set(next, at + INSTANT, word.instant);
    EventReader.INT.set(next, at + SEQUENCE, word.sequence);
    EventReader.LONG.set(next, at + HASH, word.contentHash);
    EventReader.LONG.set(next, at + ITEM, word.item);
    return next;
  }

  private static int placeOf(byte[] known, int length, byte[] event) {
    long high = (long) EventReader.LONG.get(event, EventReader.FACT);
    long low = (long) EventReader.LONG.get(event, EventReader.FACT + 8);
    int at = 0;
    while (at < length && ((long) EventReader.LONG.get(known, at) != high || (long) EventReader.LONG.get(known, at + 8) != low)) at += ENTRY;
    return at;
  }

  private static boolean isLater(byte[] known, int at, EventReader word) {
    long instant = (long) EventReader.LONG.get(known, at + INSTANT);
    if (word.instant != instant) return word.instant > instant;
    int sequence = (int) EventReader.INT.get(known, at + SEQUENCE);
    if (word.sequence != sequence) return word.sequence > sequence;
    return Long.compareUnsigned(word.contentHash, (long) EventReader.LONG.get(known, at + HASH)) > 0;
  }

  static int size(byte[] timeline) {
    return timeline.length / ENTRY;
  }

  static long itemAt(byte[] timeline, int from, int entry) {
    return (long) EventReader.LONG.get(timeline, from + entry * ENTRY + ITEM);
  }

  /** What the timeline tells the participant: its items in order, those that count once each once. */
  static byte[] summaryOf(byte[] timeline, long[] room) {
    int count = itemsOf(timeline, 0, timeline.length, room);
    byte[] summary = new byte[count * 8];
    for (int i = 0; i < count; i += 1) EventReader.LONG.set(summary, i * 8, room[i]);
    return summary;
  }

  /** @return how many items were put into the room, in order */
  static int itemsOf(byte[] bytes, int from, int to, long[] room) {
    int count = 0;
    for (int at = from; at < to; at += ENTRY) {
      long item = (long) EventReader.LONG.get(bytes, at + ITEM);
      if (item != Item.NONE) room[count++] = item;
    }
    Arrays.sort(room, 0, count);
    int kept = 0;
    for (int i = 0; i < count; i += 1) {
      if (kept == 0 || room[i] != room[kept - 1] || Item.countsEach(room[i])) room[kept++] = room[i];
    }
    return kept;
  }
}
