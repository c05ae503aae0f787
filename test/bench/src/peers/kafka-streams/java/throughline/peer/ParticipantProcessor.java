package throughline.peer;

import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Keeps what each participant's subjects tell, and how many of a partition's participants are counted in each cell: every
 * partition counts for itself, whoever asks adds them up. That saves a third topic.
 *
 * <p>A participant is a row of: subject (16 bytes), length (4), what it tells.
 */
final class ParticipantProcessor implements Processor<byte[], byte[], Void, Void> {
  static final String STORE = "participants";
  static final String COUNTS = "counts";
  private static final int HEAD = 20;
  private final boolean whole;
  private final long[] before = new long[4_096];
  private final long[] after = new long[4_096];
  private final long[] room = new long[16_384];
  private KeyValueStore<Bytes, byte[]> participants;
  private KeyValueStore<Bytes, byte[]> counts;

  ParticipantProcessor(boolean whole) {
    this.whole = whole;
  }

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    participants = context.getStateStore(STORE);
    counts = context.getStateStore(COUNTS);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Bytes key = Bytes.wrap(record.key());
    byte[] message = record.value();
    byte[] known = participants.get(key);
    if (known == null) known = new byte[0];
    int at = placeOf(known, message);
    int oldLength = at == known.length ? 0 : HEAD + (int) EventReader.INT.get(known, at + 16);
    byte[] next = new byte[known.length - oldLength + HEAD + message.length - 16];
    System.arraycopy(known, 0, next, 0, at);
    System.arraycopy(message, 0, next, at, 16);
    EventReader.INT.set(next, at + 16, message.length - 16);
    System.arraycopy(message, 16, next, at + HEAD, message.length - 16);
    System.arraycopy(known, at + oldLength, next, at + HEAD + message.length - 16, known.length - at - oldLength);
    participants.put(key, next);
    if (whole) countAll(known, next);
    else countDifference(known, at, oldLength, next);
    Progress.reconciled += 1;
  }

  private static int placeOf(byte[] known, byte[] message) {
    long high = (long) EventReader.LONG.get(message, 0);
    long low = (long) EventReader.LONG.get(message, 8);
    int at = 0;
    while (at < known.length && ((long) EventReader.LONG.get(known, at) != high || (long) EventReader.LONG.get(known, at + 8) != low)) {
      at += HEAD + (int) EventReader.INT.get(known, at + 16);
    }
    return at;
  }

  /** Counts anew from all facts of all subjects, before and after, as a figure must that is any function of them. */
  private void countAll(byte[] known, byte[] next) {
    int had = itemsOf(known, before);
    int has = itemsOf(next, after);
    compare(before, had, after, has, null, 0, 0);
  }

  private int itemsOf(byte[] participant, long[] into) {
    int count = 0;
    for (int at = 0; at < participant.length; ) {
      int length = (int) EventReader.INT.get(participant, at + 16);
      int own = Timeline.itemsOf(participant, at + HEAD, at + HEAD + length, room);
      System.arraycopy(room, 0, into, count, own);
      count += own;
      at += HEAD + length;
    }
    Arrays.sort(into, 0, count);
    int kept = 0;
    for (int i = 0; i < count; i += 1) {
      if (kept == 0 || into[i] != into[kept - 1] || Item.countsEach(into[i])) into[kept++] = into[i];
    }
    return kept;
  }

  /** Counts what one subject tells anew; what another one tells as well stays counted. */
  private void countDifference(byte[] known, int at, int oldLength, byte[] next) {
    int had = oldLength == 0 ? 0 : summary(known, at, before);
    int has = summary(next, at, after);
    compare(before, had, after, has, known, at, oldLength);
  }

  private static int summary(byte[] participant, int at, long[] into) {
    int count = (int) EventReader.INT.get(participant, at + 16) / 8;
    for (int i = 0; i < count; i += 1) into[i] = (long) EventReader.LONG.get(participant, at + HEAD + i * 8);
    return count;
  }

  /** Both lists in order. Adds to the cells what only one of them holds, unless another subject tells it. */
  private void compare(long[] had, int hadCount, long[] has, int hasCount, byte[] others, int except, int exceptLength) {
    int i = 0;
    int j = 0;
    while (i < hadCount || j < hasCount) {
      if (j == hasCount || (i < hadCount && had[i] < has[j])) add(had[i++], -1, others, except, exceptLength);
      else if (i == hadCount || has[j] < had[i]) add(has[j++], 1, others, except, exceptLength);
      else {
        i += 1;
        j += 1;
      }
    }
  }

  private void add(long item, int change, byte[] others, int except, int exceptLength) {
    if (others != null && !Item.countsEach(item) && isTold(item, others, except, exceptLength)) return;
    byte[] name = new byte[4];
    EventReader.INT.set(name, 0, Item.cellOf(item));
    Bytes cell = Bytes.wrap(name);
    byte[] known = counts.get(cell);
    byte[] count = new byte[8];
    EventReader.LONG.set(count, 0, (known == null ? 0 : (long) EventReader.LONG.get(known, 0)) + change);
    counts.put(cell, count);
  }

  private static boolean isTold(long item, byte[] participant, int except, int exceptLength) {
    for (int at = 0; at < participant.length; ) {
      int end = at + HEAD + (int) EventReader.INT.get(participant, at + 16);
      if (at != except || exceptLength == 0) {
        for (int each = at + HEAD; each < end; each += 8) if ((long) EventReader.LONG.get(participant, each) == item) return true;
      }
      at = end;
    }
    return false;
  }
}
