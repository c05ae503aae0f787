package throughline.peer;

import java.util.Map;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;

/** How the same topology is set up. */
enum Form {
  /** RocksDB and the library's defaults. */
  ROCKSDB,
  /** In memory, else the library's defaults. */
  IN_MEMORY,
  /** In memory, and all that was found to help. */
  TUNED,
  /** As tuned, but each participant is told whole timelines: what any function of all facts needs. */
  WHOLE_TIMELINES;

  static Form named(String name) {
    return valueOf(name.replace('-', '_').toUpperCase());
  }

  boolean whole() {
    return this == WHOLE_TIMELINES;
  }

  private boolean tuned() {
    return this == TUNED || this == WHOLE_TIMELINES;
  }

  /** Of the topic that participants are told on: every partition in a transaction costs, and one core needs few. */
  int toldPartitions(int partitions) {
    return tuned() ? Math.min(partitions, 4) : partitions;
  }

  /** @param most entries of one partition: a store of this form must never put one out */
  KeyValueBytesStoreSupplier store(String name, int most) {
    if (this == ROCKSDB) return Stores.persistentKeyValueStore(name);
    // A hash table instead of a sorted tree: nothing here is read in order.
    return tuned() ? Stores.lruMap(name, most) : Stores.inMemoryKeyValueStore(name);
  }

  Map<String, Object> settings() {
    if (!tuned()) return Map.of();
    return Map.ofEntries(
        Map.entry("max.poll.records", 20_000),
        Map.entry("fetch.min.bytes", 65_536),
        Map.entry("fetch.max.wait.ms", 20),
        Map.entry("max.partition.fetch.bytes", 4 << 20),
        Map.entry("receive.buffer.bytes", -1),
        Map.entry("batch.size", 256 << 10),
        Map.entry("linger.ms", 100),
        Map.entry("buffer.memory", 256 << 20),
        Map.entry("send.buffer.bytes", -1),
        Map.entry("max.task.idle.ms", -1L),
        Map.entry("statestore.cache.max.bytes", 64L << 20),
        Map.entry("enable.metrics.push", false));
  }
}
