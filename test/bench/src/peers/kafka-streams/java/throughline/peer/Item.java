package throughline.peer;

import java.time.LocalDate;

/**
 * What is counted of a fact, in one number: kind (2 bits), month or day (22 bits), and for programmes and aims 40 bits of a hash of
 * their text. Two texts of one hash would be taken for one; that this is good enough is granted, since it is what makes state small.
 */
final class Item {
  static final long NONE = 0;
  private static final int REFERRAL = 1;
  private static final int SUPPORT = 2;
  private static final int LEARNING = 3;
  private static final int KIND_AT = 62;
  private static final int DATE_AT = 40;
  private static final long DATE = (1L << 22) - 1;
  private static final long TEXT = (1L << 40) - 1;
  private static final int FIRST_DAY = 0;
  private static final int LAST_DAY = 60_000;
  private static final short[] MONTHS = new short[LAST_DAY];

  static {
    for (int day = FIRST_DAY; day < LAST_DAY; day += 1) {
      LocalDate date = LocalDate.ofEpochDay(day);
      MONTHS[day] = (short) (date.getYear() * 12 + date.getMonthValue() - 1);
    }
  }

  private Item() {}

  /** Months since January of year 0. Days of the years 1970 to 2133. */
  static int monthOf(int day) {
    return MONTHS[day];
  }

  static long referral(int month) {
    return (long) REFERRAL << KIND_AT | (long) month << DATE_AT;
  }

  static long support(int month, byte[] bytes, int from, int to) {
    return (long) SUPPORT << KIND_AT | (long) month << DATE_AT | hash(bytes, from, to);
  }

  static long learning(int day, byte[] bytes, int from, int to) {
    return (long) LEARNING << KIND_AT | (long) day << DATE_AT | hash(bytes, from, to);
  }

  /** Whether each telling counts, whoever tells: referrals do; the rest count once a participant. */
  static boolean countsEach(long item) {
    return item >>> KIND_AT == REFERRAL;
  }

  /** The cell it is counted in: kind and month. */
  static int cellOf(long item) {
    int kind = (int) (item >>> KIND_AT);
    int date = (int) (item >>> DATE_AT & DATE);
    return kind << 16 | (kind == LEARNING ? monthOf(date) : date);
  }

  /** A cell as everybody names it: {@code metric|YYYY-MM}. */
  static String nameOf(int cell) {
    int month = cell & 0xffff;
    String metric = switch (cell >>> 16) {
      case REFERRAL -> "referrals";
      case SUPPORT -> "support_starts";
      default -> "learning_starts";
    };
    return String.format("%s|%04d-%02d", metric, month / 12, month % 12 + 1);
  }

  /** FNV-1a. No text at all is told apart from an empty one. */
  private static long hash(byte[] bytes, int from, int to) {
    if (from < 0) return 0;
    long hash = 0xcbf29ce484222325L;
    for (int at = from; at < to; at += 1) hash = (hash ^ bytes[at]) * 0x100000001b3L;
    return (hash ^ hash >>> 40) & TEXT;
  }
}
