package dev.caravan.processors.pipelines;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A value of the file with the path of its key. A value that isn't what it is read as is noted and
 * read as empty.
 */
record YamlValue(String path, Node node, PipelineFaults faults) {

  int line() {
    return PipelineYaml.line(node.getStartMark());
  }

  /** Notes a fault. */
  void refuse(String predicate) {
    faults.add(line(), (path.isEmpty() ? "this file" : path) + " " + predicate);
  }

  /** Notes that the value isn't allowed, and gives nothing. */
  <T> Optional<T> mustBe(String allowed) {
    refuse(shown() + ", but must be " + allowed);
    return Optional.empty();
  }

  private String shown() {
    if (!(node instanceof ScalarNode scalar)) {
      return node instanceof SequenceNode ? "is a list" : "is a mapping";
    }
    return node.getTag().equals(Tag.NULL) ? "is empty" : "is '" + scalar.getValue() + "'";
  }

  Optional<String> text() {
    return isOf(Tag.STR) ? Optional.of(value()) : mustBe("text" + quotes());
  }

  /** Text, or a number or a truth as it is written. */
  Optional<String> word() {
    return isOf(Tag.STR) || isOf(Tag.INT) || isOf(Tag.FLOAT) || isOf(Tag.BOOL)
        ? Optional.of(value())
        : mustBe("text or a number");
  }

  private String quotes() {
    return node instanceof ScalarNode && !node.getTag().equals(Tag.NULL)
        ? ": put it in quotes"
        : "";
  }

  Optional<Long> number(long least, long most) {
    if (isOf(Tag.INT)) {
      try {
        long number = Long.parseLong(value());
        if (number >= least && number <= most) {
          return Optional.of(number);
        }
      } catch (NumberFormatException e) {
        // Said below, in the same words as an excess.
      }
    }
    return mustBe("a whole number from " + least + " to " + most);
  }

  List<YamlValue> list() {
    if (!(node instanceof SequenceNode sequence)) {
      mustBe("a list, such as [a, b]");
      return List.of();
    }
    List<YamlValue> items = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      items.add(new YamlValue(path + "[" + items.size() + "]", item, faults));
    }
    return items;
  }

  private boolean isOf(Tag tag) {
    return node instanceof ScalarNode && node.getTag().equals(tag);
  }

  private String value() {
    return ((ScalarNode) node).getValue();
  }
}
