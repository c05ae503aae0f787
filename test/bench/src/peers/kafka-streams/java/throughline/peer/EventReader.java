package throughline.peer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads of a framed event what the figures need, where it lies: it builds nothing and skips the rest. Both versions of the
 * event's meta are known; another schema is an error, not a guess.
 */
final class EventReader {
  static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

  static final int FACT = 21;
  static final int SUBJECT = 37;
  private static final int REVISION = 53;
  private static final int STATED = 1;
  private static final int REVOKED = 2;
  private static final int DRAFT = 5;
  private static final int STARTED = 1;

  long instant;
  int sequence;
  long contentHash;
  /** What is counted of the event; see {@link Item}. {@link Item#NONE}: nothing. */
  long item;

  private byte[] bytes;
  private int at;

  void read(byte[] value) {
    bytes = value;
    int schema = (int) INT.get(value, 1);
    at = REVISION;
    instant = number();
    sequence = (int) number();
    contentHash = (long) LONG.get(value, at);
    at += 8;
    boolean stated = number() == STATED;
    boolean dated = number() == 1;
    int day = 0;
    if (dated) {
      day = (int) number();
      number(); // precision
    }
    number(); // recordedAt
    text(); // partner
    text(); // system
    at += 16; // submission
    number(); // record
    text(); // agreement
    int programmeAt = number() == 1 ? text() : -1;
    int programmeEnd = at;
    number(); // evidence
    if (schema % 100 >= 2) place();
    item = stated && dated ? itemOf(schema / 100, day, programmeAt, programmeEnd) : Item.NONE;
  }

  private long itemOf(int kind, int day, int programmeAt, int programmeEnd) {
    switch (kind) {
      case 10: {
        int status = (int) number();
        return status == REVOKED || status == DRAFT ? Item.NONE : Item.referral(Item.monthOf(day));
      }
      case 11:
        return Item.support(Item.monthOf(day), bytes, programmeAt, programmeEnd);
      case 17: {
        if (number() != STARTED) return Item.NONE;
        int aim = number() == 1 ? text() : -1;
        int aimEnd = at;
        int start = number() == 1 ? (int) number() : day;
        return Item.learning(start, bytes, aim, aimEnd);
      }
      default:
        throw new IllegalStateException("No figure reads events of schema " + kind + "xx.");
    }
  }

  private void place() {
    if (number() == 0) return;
    at += 16; // scope
    if (number() == 1) {
      number();
      number();
    }
    if (number() == 1) text(); // family
  }

  /** A variable-length number, zigzag. */
  private long number() {
    int b = bytes[at++];
    if (b >= 0) return (b >>> 1) ^ -(b & 1);
    long n = b & 0x7f;
    int shift = 7;
    do {
      b = bytes[at++];
      n |= (long) (b & 0x7f) << shift;
      shift += 7;
    } while (b < 0);
    return (n >>> 1) ^ -(n & 1);
  }

  /** Passes over a text. @return where its characters begin; they end where the reader stands afterwards */
  private int text() {
    int length = (int) number();
    int begin = at;
    at += length;
    return begin;
  }
}
