import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.SortedSetDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.SortedSetDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.BytesRef;

/** Lucene, asked what subject.h says. Its own merges are left to the end, as Hornbeam's are. */
public final class LuceneSubject {
  private record Question(String group, String kind, List<String> words) {}

  private static final int BATCH = 1000;

  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 3 && arguments[0].equals("build")) {
      build(Paths.get(arguments[1]), Paths.get(arguments[2]));
    } else if (arguments.length == 3 && arguments[0].equals("ask")) {
      answer(Paths.get(arguments[1]), Paths.get(arguments[2]));
    } else {
      System.err.println("usage: LuceneSubject build CORPUS FOLDER | ask FOLDER QUESTIONS");
      System.exit(2);
    }
  }

  private static Analyzer analyzer() {
    boolean isEnglish = "english".equals(System.getenv("HORNBEAM_BENCH_ANALYZER"));
    return isEnglish ? new EnglishAnalyzer() : new StandardAnalyzer();
  }

  private static double threadSeconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() * 1e-9;
  }

  private static long anonymousKilobytes() throws IOException {
    for (String line : Files.readAllLines(Paths.get("/proc/self/status"))) {
      if (line.startsWith("RssAnon:")) return Long.parseLong(line.replaceAll("\\D", ""));
    }
    return 0;
  }

  private static void add(IndexWriter writer, String[] row) throws IOException {
    Document document = new Document();
    document.add(new StringField("id", row[0], Field.Store.YES));
    document.add(new TextField("text", row[6], Field.Store.NO));
    document.add(new StringField("section", row[2], Field.Store.NO));
    document.add(new SortedDocValuesField("section", new BytesRef(row[2])));
    if (!row[1].isEmpty()) {
      long date = Long.parseLong(row[1]);
      document.add(new LongPoint("date", date));
      document.add(new NumericDocValuesField("date", date));
    }
    if (!row[4].isEmpty()) {
      for (String tag : row[4].split(" ")) {
        document.add(new StringField("tags", tag, Field.Store.NO));
        document.add(new SortedSetDocValuesField("tags", new BytesRef(tag)));
      }
    }
    writer.addDocument(document);
  }

  private static void build(Path corpus, Path folder) throws Exception {
    double adding = 0;
    long textBytes = 0;
    long documents = 0;
    long memory = 0;
    double beforeMerge;
    try (Directory directory = new MMapDirectory(folder);
        BufferedReader rows = Files.newBufferedReader(corpus, StandardCharsets.UTF_8)) {
      IndexWriterConfig config = new IndexWriterConfig(analyzer());
      config.setRAMBufferSizeMB(64);
      config.setUseCompoundFile(false);
      config.setMergePolicy(NoMergePolicy.INSTANCE);
      try (IndexWriter writer = new IndexWriter(directory, config)) {
        List<String[]> batch = new ArrayList<>();
        for (String line = rows.readLine(); line != null; ) {
          batch.add(line.split("\t", -1));
          line = rows.readLine();
          if (batch.size() < BATCH && line != null) continue;
          double begin = threadSeconds();
          for (String[] row : batch) add(writer, row);
          adding += threadSeconds() - begin;
          for (String[] row : batch) textBytes += row[6].getBytes(StandardCharsets.UTF_8).length;
          documents += batch.size();
          memory = Math.max(memory, anonymousKilobytes());
          batch.clear();
        }
        double begin = threadSeconds();
        writer.commit();
        adding += threadSeconds() - begin;
      }
      beforeMerge = threadSeconds();
      IndexWriterConfig merging = new IndexWriterConfig(analyzer());
      merging.setMergeScheduler(new SerialMergeScheduler());
      merging.setUseCompoundFile(false);
      try (IndexWriter writer = new IndexWriter(directory, merging)) {
        writer.forceMerge(1);
      }
    }
    double merging = threadSeconds() - beforeMerge;
    long bytes = 0;
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) bytes += Files.size(file);
    }
    System.out.printf(
        "documents %d%ntext_bytes %d%nadd_seconds %.3f%nmerge_seconds %.3f%n",
        documents, textBytes, adding, merging);
    System.out.printf("index_bytes %d%nmemory_kilobytes %d%n", bytes, memory);
  }

  private static Query queryOf(Question question) {
    List<String> words = question.words();
    if (words.isEmpty()) return new MatchAllDocsQuery();
    if (question.kind().equals("phrase")) {
      return new PhraseQuery("text", words.toArray(new String[0]));
    }
    if (question.kind().equals("prefix")) return new PrefixQuery(new Term("text", words.get(0)));
    if (words.size() == 1) return new TermQuery(new Term("text", words.get(0)));
    Occur occur = question.kind().equals("and") ? Occur.MUST : Occur.SHOULD;
    BooleanQuery.Builder builder = new BooleanQuery.Builder();
    for (String word : words) builder.add(new TermQuery(new Term("text", word)), occur);
    return builder.build();
  }

  /** Counts each tag by its ordinal: the index is one segment. */
  private static final class TagCounter extends SimpleCollector {
    private SortedSetDocValues values;
    private int[] counts;
    private long hits;

    @Override
    protected void doSetNextReader(LeafReaderContext context) throws IOException {
      values = DocValues.getSortedSet(context.reader(), "tags");
      counts = new int[(int) values.getValueCount()];
    }

    @Override
    public void collect(int doc) throws IOException {
      hits++;
      if (!values.advanceExact(doc)) return;
      for (long ord = values.nextOrd(); ord != SortedSetDocValues.NO_MORE_ORDS; ) {
        counts[(int) ord]++;
        ord = values.nextOrd();
      }
    }

    @Override
    public ScoreMode scoreMode() {
      return ScoreMode.COMPLETE_NO_SCORES;
    }

    /** The ten most frequent tags. */
    List<String> top() throws IOException {
      List<String> found = new ArrayList<>();
      long[] best = new long[10];
      for (int ord = 0; ord < counts.length; ord++) {
        long key = ((long) counts[ord] << 32) | (0x7FFFFFFF - ord);
        if (key <= best[0]) continue;
        best[0] = key;
        Arrays.sort(best);
      }
      for (int i = 9; i >= 0 && best[i] >> 32 != 0; i--) {
        found.add(values.lookupOrd(0x7FFFFFFF - (best[i] & 0xFFFFFFFFL)).utf8ToString());
      }
      return found;
    }
  }

  /** Counts months, whose beginnings are computed before and searched in, as Elasticsearch does. */
  private static final class MonthCounter extends SimpleCollector {
    private static final long[] BEGINNINGS = new long[12 * 130];

    static {
      for (int i = 0; i < BEGINNINGS.length; i++) {
        YearMonth month = YearMonth.of(1970 + i / 12, 1 + i % 12);
        BEGINNINGS[i] = month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
      }
    }

    private NumericDocValues values;
    private final int[] counts = new int[BEGINNINGS.length];
    private long hits;

    @Override
    protected void doSetNextReader(LeafReaderContext context) throws IOException {
      values = DocValues.getNumeric(context.reader(), "date");
    }

    @Override
    public void collect(int doc) throws IOException {
      hits++;
      if (!values.advanceExact(doc)) return;
      int at = Arrays.binarySearch(BEGINNINGS, values.longValue());
      counts[at >= 0 ? at : -at - 2]++;
    }

    @Override
    public ScoreMode scoreMode() {
      return ScoreMode.COMPLETE_NO_SCORES;
    }

    List<String> top() {
      List<String> found = new ArrayList<>();
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] != 0) found.add(Instant.ofEpochMilli(BEGINNINGS[i]) + " " + counts[i]);
      }
      return found;
    }
  }

  private static long ask(IndexSearcher searcher, String kind, Query query, boolean counts)
      throws IOException {
    if (kind.equals("tags")) {
      TagCounter counter = new TagCounter();
      searcher.search(query, counter);
      counter.top();
      return counter.hits;
    }
    if (kind.equals("months")) {
      MonthCounter counter = new MonthCounter();
      searcher.search(query, counter);
      counter.top();
      return counter.hits;
    }
    TopScoreDocCollector collector =
        TopScoreDocCollector.create(10, counts ? Integer.MAX_VALUE : 1000);
    searcher.search(query, collector);
    return collector.topDocs().totalHits.value;
  }

  private static List<Question> readQuestions(Path path) throws IOException {
    List<Question> questions = new ArrayList<>();
    for (String line : Files.readAllLines(path)) {
      String[] parts = line.split("\t", -1);
      List<String> words = parts[2].isEmpty() ? List.of() : List.of(parts[2].split(" "));
      questions.add(new Question(parts[0], parts[1], words));
    }
    return questions;
  }

  private static void answer(Path folder, Path path) throws Exception {
    List<Question> questions = readQuestions(path);
    List<Query> queries = new ArrayList<>();
    for (Question question : questions) queries.add(queryOf(question));
    DirectoryReader reader = DirectoryReader.open(new MMapDirectory(folder));
    IndexSearcher searcher = new IndexSearcher(reader);
    searcher.setQueryCache(null);
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      StringBuilder out = new StringBuilder();
      String[] parts = line.split(" ");
      if (parts[0].equals("memory")) {
        System.out.println(anonymousKilobytes() + "\n");
        continue;
      }
      for (int i = 0; i < queries.size(); i++) {
        Question question = questions.get(i);
        if (!question.group().equals(parts[0])) continue;
        long begin = System.nanoTime();
        long hits = ask(searcher, question.kind(), queries.get(i), parts[1].equals("count"));
        out.append(System.nanoTime() - begin).append(' ').append(hits).append('\n');
      }
      System.out.println(out);
      System.out.flush();
    }
  }
}
