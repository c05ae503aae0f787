package throughline.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who is who, as given: an open-addressed table over the file of subject and participant, 16 bytes each. */
final class Links {
  private static final int LINK = 32;
  private final byte[] links;
  private final int[] slots;

  private Links(byte[] links) {
    this.links = links;
    int count = links.length / LINK;
    slots = new int[Integer.highestOneBit(Math.max(1, count)) * 4];
    for (int at = 0; at < links.length; at += LINK) {
      int slot = (int) EventReader.INT.get(links, at) & slots.length - 1;
      while (slots[slot] != 0) slot = slot + 1 & slots.length - 1;
      slots[slot] = at / LINK + 1;
    }
  }

  static Links from(String file) throws IOException {
    return new Links(Files.readAllBytes(Path.of(file)));
  }

  int size() {
    return links.length / LINK;
  }

  /** A subject is a keyed hash, so its first bytes place it. */
  byte[] participantOf(byte[] subject) {
    long high = (long) EventReader.LONG.get(subject, 0);
    long low = (long) EventReader.LONG.get(subject, 8);
    int slot = (int) EventReader.INT.get(subject, 0) & slots.length - 1;
    while (slots[slot] != 0) {
      int at = (slots[slot] - 1) * LINK;
      if ((long) EventReader.LONG.get(links, at) == high && (long) EventReader.LONG.get(links, at + 8) == low) {
        byte[] participant = new byte[16];
        System.arraycopy(links, at + 16, participant, 0, 16);
        return participant;
      }
      slot = slot + 1 & slots.length - 1;
    }
    throw new IllegalStateException("A subject of the log is not in the file of who is who.");
  }
}
