package throughline.peer;

import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/** The usual clients, with a producer that says when its transactions were committed. */
final class CountingClients extends DefaultKafkaClientSupplier {
  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()) {
      @Override
      public void beginTransaction() {
        Progress.inTransaction = true;
        super.beginTransaction();
      }

      @Override
      public void commitTransaction() {
        super.commitTransaction();
        Progress.committedAt = System.nanoTime();
        Progress.commits += 1;
        Progress.inTransaction = false;
      }
    };
  }
}
