package dev.caravan.processors.pipelines;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * YAML text as nodes, each of which knows its line. Anchors and aliases are refused, with which a
 * small file could stand for a huge one, and so is deep nesting, before anything is built.
 */
final class PipelineYaml {
  private static final int DEEPEST = 20;
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setAllowDuplicateKeys(true).build();

  private PipelineYaml() {}

  /** The root of the one document; empty if it can't be read, which is noted. */
  static Optional<Node> read(String text, PipelineFaults faults) {
    try {
      return isPlain(text, faults) ? new Compose(SETTINGS).composeString(text) : Optional.empty();
    } catch (MarkedYamlEngineException e) {
      faults.add(
          line(e.getProblemMark().or(e::getContextMark)),
          "this is not YAML: " + oneLine(e.getProblem()));
    } catch (YamlEngineException e) {
      faults.add(1, "this is not YAML: " + oneLine(String.valueOf(e.getMessage())));
    }
    return Optional.empty();
  }

  private static boolean isPlain(String text, PipelineFaults faults) {
    int depth = 0;
    int documents = 0;
    for (Event event : new Parse(SETTINGS).parseString(text)) {
      Optional<String> wrong = Optional.empty();
      if (event instanceof AliasEvent alias) {
        wrong =
            Optional.of(
                "*"
                    + alias.getAlias()
                    + ": aliases can't be used; write the value out, or use vars or defaults");
      } else if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
        wrong =
            Optional.of(
                "&" + node.getAnchor().get() + ": anchors can't be used; use vars or defaults");
      } else if (event instanceof DocumentStartEvent && ++documents > 1) {
        wrong = Optional.of("a second document begins here; a file is one pipeline");
      } else if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
        wrong = Optional.of("this is nested more than " + DEEPEST + " deep");
      } else if (event instanceof CollectionEndEvent) {
        depth--;
      }
      if (wrong.isPresent()) {
        faults.add(line(event.getStartMark()), wrong.get());
        return false;
      }
    }
    return true;
  }

  /** Counted from 1, as editors do. */
  static int line(Optional<Mark> mark) {
    return mark.map(at -> at.getLine() + 1).orElse(1);
  }

  private static String oneLine(String words) {
    return words.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
  }
}
