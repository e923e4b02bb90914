import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.core.KeywordAnalyzer;
import org.apache.lucene.analysis.core.SimpleAnalyzer;
import org.apache.lucene.analysis.core.StopAnalyzer;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionLengthAttribute;
import org.apache.lucene.analysis.tokenattributes.TypeAttribute;

/**
 * Prints what Lucene's analyzers make of texts.
 *
 * <pre>java TokenStreams TEXTS OUTPUT ANALYZER...</pre>
 *
 * TEXTS holds texts in UTF-8, each ended by a NUL. For each analyzer and text OUTPUT has a line for
 * each token (term, offsets, position increment and length, type, between tabs), then one with "="
 * for the end of the text.
 */
public final class TokenStreams {
  private static Map<String, Analyzer> analyzers() throws Exception {
    Map<String, Analyzer> known = new LinkedHashMap<>();
    known.put("standard", new StandardAnalyzer());
    known.put("english", new EnglishAnalyzer());
    known.put("simple", new SimpleAnalyzer());
    known.put("whitespace", new WhitespaceAnalyzer());
    known.put("stop", new StopAnalyzer(EnglishAnalyzer.ENGLISH_STOP_WORDS_SET));
    known.put("keyword", new KeywordAnalyzer());
    return known;
  }

  private static String escaped(CharSequence text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      switch (unit) {
        case '\\' -> out.append("\\\\");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        default -> out.append(unit);
      }
    }
    return out.toString();
  }

  private static void print(Analyzer analyzer, String text, PrintStream out) throws Exception {
    try (TokenStream stream = analyzer.tokenStream("field", text)) {
      CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
      OffsetAttribute offset = stream.addAttribute(OffsetAttribute.class);
      PositionIncrementAttribute increment =
          stream.addAttribute(PositionIncrementAttribute.class);
      PositionLengthAttribute length = stream.addAttribute(PositionLengthAttribute.class);
      TypeAttribute type = stream.addAttribute(TypeAttribute.class);
      stream.reset();
      while (stream.incrementToken()) {
        out.print(escaped(term) + "\t" + offset.startOffset() + "\t" + offset.endOffset() + "\t"
            + increment.getPositionIncrement() + "\t" + length.getPositionLength() + "\t"
            + type.type() + "\n");
      }
      stream.end();
      out.print("=\t" + offset.endOffset() + "\t" + increment.getPositionIncrement() + "\n");
    }
  }

  public static void main(String[] arguments) throws Exception {
    String all = new String(Files.readAllBytes(Paths.get(arguments[0])), StandardCharsets.UTF_8);
    String[] texts = all.split("\0", -1);
    Map<String, Analyzer> known = analyzers();
    try (PrintStream out = new PrintStream(
             new BufferedOutputStream(Files.newOutputStream(Paths.get(arguments[1])), 1 << 20),
             false, "UTF-8")) {
      for (int i = 2; i < arguments.length; i++) {
        for (int text = 0; text + 1 < texts.length; text++) {
          print(known.get(arguments[i]), texts[text], out);
        }
      }
    }
  }

  private TokenStreams() {}
}
