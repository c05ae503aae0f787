package throughline.peer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Figures of people under several references by Kafka Streams, exactly once: subjects' timelines, then participants, then counts.
 * Words: brokers, application id, records, partitions, topics separated by commas, file of who is who, folder for state, form.
 */
public final class Peer {
  private static final Duration CLOSING = Duration.ofSeconds(20);
  /** Nothing is left to commit when nothing was for so many commit intervals. */
  private static final int QUIET_INTERVALS = 3;
  private static final int COMMIT_MS = 100;
  /** As long as the platform's: until then nobody reads what a process that was killed read. */
  private static final int SESSION_MS = 10_000;

  private Peer() {}

  public static void main(String[] words) throws Exception {
    String brokers = words[0];
    String application = words[1];
    long records = Long.parseLong(words[2]);
    int partitions = Integer.parseInt(words[3]);
    List<String> topics = List.of(words[4].split(","));
    Links links = Links.from(words[5]);
    Form form = Form.named(words[7]);

    KafkaStreams streams = new KafkaStreams(topology(topics, partitions, links, form), settings(brokers, application, words[6], form), new CountingClients());
    streams.setUncaughtExceptionHandler(error -> {
      error.printStackTrace();
      Runtime.getRuntime().halt(1);
      return null;
    });
    streams.setStateListener((now, before) -> {
      if (now == KafkaStreams.State.RUNNING) say("{\"event\":\"running\"}");
    });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(streams, brokers, application)));
    streams.start();
    await(() -> Progress.consumed * 2 >= records);
    say("{\"event\":\"half\"}");
    await(() -> Progress.consumed == records && Progress.reconciled == Progress.forwarded);
    awaitCommit();
    say("{\"event\":\"done\",\"cells\":" + cells(streams) + "}");
    Thread.currentThread().join();
  }

  private static Topology topology(List<String> topics, int partitions, Links links, Form form) {
    var bytes = Serdes.ByteArray();
    StreamsBuilder builder = new StreamsBuilder();
    // Subjects spread evenly, so that twice the mean is more than any partition holds.
    int told = form.toldPartitions(partitions);
    int subjects = links.size() / partitions * 2 + 10_000;
    int participants = links.size() / told * 2 + 10_000;
    builder.addStateStore(store(SubjectProcessor.STORE, form, subjects, false));
    builder.addStateStore(store(ParticipantProcessor.STORE, form, participants, false));
    builder.addStateStore(store(ParticipantProcessor.COUNTS, form, participants, true));
    builder
        .stream(topics, Consumed.with(bytes, bytes))
        .process(() -> new SubjectProcessor(links, form.whole()), SubjectProcessor.STORE)
        .repartition(Repartitioned.with(bytes, bytes).withName("told").withNumberOfPartitions(told))
        .process(() -> new ParticipantProcessor(form.whole()), ParticipantProcessor.STORE, ParticipantProcessor.COUNTS);
    return builder.build();
  }

  /** @param few whether it holds a handful of entries, written again and again: those are cached until the next commit */
  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name, Form form, int most, boolean few) {
    KeyValueBytesStoreSupplier supplier = form.store(name, most);
    StoreBuilder<KeyValueStore<Bytes, byte[]>> builder = Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray()).withLoggingEnabled(Map.of());
    return few ? builder.withCachingEnabled() : builder.withCachingDisabled();
  }

  private static Properties settings(String brokers, String application, String folder, Form form) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, Path.of(folder).toString());
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_MS);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
    settings.put("auto.offset.reset", "earliest");
    settings.put("session.timeout.ms", SESSION_MS);
    settings.putAll(form.settings());
    return settings;
  }

  /** Until all that was worked out is in a committed transaction. */
  private static void awaitCommit() throws InterruptedException {
    long quiet = System.nanoTime();
    long commits = Progress.commits;
    await(() -> {
      boolean later = Progress.commits > commits && !Progress.inTransaction;
      return later || (!Progress.inTransaction && System.nanoTime() - quiet > QUIET_INTERVALS * COMMIT_MS * 1_000_000L);
    });
  }

  private static String cells(KafkaStreams streams) {
    var counts = streams.store(StoreQueryParameters.fromNameAndType(ParticipantProcessor.COUNTS, QueryableStoreTypes.<Bytes, byte[]>keyValueStore()));
    Map<String, Long> cells = new TreeMap<>();
    try (var all = counts.all()) {
      while (all.hasNext()) {
        var each = all.next();
        cells.merge(Item.nameOf((int) EventReader.INT.get(each.key.get(), 0)), (long) EventReader.LONG.get(each.value, 0), Long::sum);
      }
    }
    StringBuilder json = new StringBuilder("{");
    cells.forEach((cell, count) -> {
      if (count != 0) json.append(json.length() == 1 ? "" : ",").append('"').append(cell).append("\":").append(count);
    });
    return json.append('}').toString();
  }

  /** Leaves the broker as it was found: what this application kept there goes. */
  private static void leave(KafkaStreams streams, String brokers, String application) {
    streams.close(CLOSING);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      admin.deleteTopics(admin.listTopics().names().get().stream().filter(name -> name.startsWith(application + "-")).toList()).all().get();
    } catch (Exception error) {
      error.printStackTrace();
    }
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(Condition condition) throws InterruptedException {
    while (!condition.holds()) Thread.sleep(5);
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
