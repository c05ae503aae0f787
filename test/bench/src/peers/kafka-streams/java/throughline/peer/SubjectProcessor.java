package throughline.peer;

import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Keeps each subject's timeline, and tells the subject's participant where it changed. */
final class SubjectProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  static final String STORE = "subjects";
  private final Links links;
  private final boolean whole;
  private final EventReader event = new EventReader();
  private final long[] room = new long[4_096];
  private ProcessorContext<byte[], byte[]> context;
  private KeyValueStore<Bytes, byte[]> subjects;

  /** @param whole whether a participant is told the whole timeline; else what its figures read of it */
  SubjectProcessor(Links links, boolean whole) {
    this.links = links;
    this.whole = whole;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> given) {
    context = given;
    subjects = given.getStateStore(STORE);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    byte[] value = record.value();
    event.read(value);
    byte[] subject = Arrays.copyOfRange(value, EventReader.SUBJECT, EventReader.SUBJECT + 16);
    Bytes key = Bytes.wrap(subject);
    byte[] known = subjects.get(key);
    byte[] next = Timeline.merged(known, value, event);
    if (next != null) {
      subjects.put(key, next);
      byte[] told = whole ? next : Timeline.summaryOf(next, room);
      if (whole || known == null || !Arrays.equals(told, Timeline.summaryOf(known, room))) {
        byte[] message = Arrays.copyOf(subject, 16 + told.length);
        System.arraycopy(told, 0, message, 16, told.length);
        Progress.forwarded += 1;
        context.forward(record.withKey(links.participantOf(subject)).withValue(message));
      }
    }
    Progress.consumed += 1;
  }
}
