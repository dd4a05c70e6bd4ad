package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.shared.settings.SettingsException;
import java.io.IOException;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wherever a route may name something, a name that doesn't exist is refused. */
class RouteReferencesTest {
  private DefaultCamelContext camel;

  @BeforeEach
  void create() {
    camel = new DefaultCamelContext();
    camel.getRegistry().bind("nextJob", (Processor) exchange -> {});
    camel.getRegistry().bind("keepOriginal", (AggregationStrategy) (original, polled) -> original);
  }

  @AfterEach
  void close() throws IOException {
    camel.close();
  }

  private void check(String yaml) throws Exception {
    PluginHelper.getRoutesLoader(camel)
        .loadRoutes(ResourceHelper.fromString("my-routes/mine.yaml", yaml));
    RouteReferences.check(camel);
  }

  /** Within a route of these steps. */
  private void checkSteps(String steps) throws Exception {
    check("- route: { id: mine, from: { uri: 'direct:mine', steps: [ %s ] } }\n".formatted(steps));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "loop: { doWhile: true, simple: '${exchangeProperty.run.jobsLefft}', steps: [ log: x ] }",
        "loop: { doWhile: true, expression: { simple: { expression: '${exchangeProperty.run.jobsLefft} == true' } }, steps: [ log: x ] }",
        "filter: { simple: \"${exchangeProperty['run'].jobsLefft}\", steps: [ log: x ] }",
        "filter: { simple: '${exchangeProperty.run.jobsLefft()} && true', steps: [ log: x ] }",
        "choice: { when: [ { simple: '${exchangeProperty.run?.jobsLefft}', steps: [ log: x ] } ] }",
        "choice: { when: [ { simple: 'true', steps: [ log: x ] } ], otherwise: { steps: [ log: '${exchangeProperty.run.jobsLefft}' ] } }",
        "log: { message: '$simple{exchangeProperty.run.jobsLefft}' }",
        "log: { message: '${header.a${exchangeProperty.run.jobsLefft}}' }",
        "toD: { uri: 'direct:${exchangeProperty.run.jobsLefft}' }",
        "pollEnrich: { simple: 'file:${exchangeProperty.run.jobsLefft}' }",
        "enrich: { simple: 'direct:${exchangeProperty.run.jobsLefft}' }",
        "wireTap: { uri: 'direct:${exchangeProperty.run.jobsLefft}' }",
        "recipientList: { simple: 'direct:${exchangeProperty.run.jobsLefft}' }",
        "setProperty: { name: own, simple: '${exchangeProperty.run.jobsLefft}' }",
        "setHeader: { name: own, simple: '${exchangeProperty.run.jobsLefft}' }",
        "setHeaders: { headers: [ { name: own, simple: '${exchangeProperty.run.jobsLefft}' } ] }",
        "setBody: { simple: '${exchangeProperty.run.jobsLefft}' }",
        "setBody: { language: { language: simple, expression: '${exchangeProperty.run.jobsLefft}' } }",
        "split: { simple: '${exchangeProperty.run.jobsLefft}', steps: [ log: x ] }",
        "delay: { simple: '${exchangeProperty.run.jobsLefft}' }",
        "validate: { simple: '${exchangeProperty.run.jobsLefft}' }",
        "throwException: { exceptionType: java.lang.Exception, message: '${exchangeProperty.run.jobsLefft}' }",
        "doTry: { steps: [ log: x ], doCatch: [ { exception: [ java.lang.Exception ], onWhen: { simple: '${exchangeProperty.run.jobsLefft}' }, steps: [ log: x ] } ] }",
        "doTry: { steps: [ log: x ], doFinally: { steps: [ log: '${exchangeProperty.run.jobsLefft}' ] } }",
        "multicast: { steps: [ { log: '${exchangeProperty.run.jobsLefft}' } ] }",
      })
  void misspeltQuestionIsRefused(String steps) {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> checkSteps(steps))
        .withMessageContaining("my-routes/mine.yaml, route mine")
        .withMessageContaining("'run.jobsLefft'")
        .withMessageContaining("did you mean run.jobsLeft?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "process: { ref: nextJobb }",
        "bean: { ref: nextJobb }",
        "bean: { ref: nextJobb, method: process }",
        "setBody: { method: { ref: nextJobb } }",
        "setBody: { ref: { expression: nextJobb } }",
        "setBody: { simple: '${bean:nextJobb?method=process}' }",
        "setBody: { simple: '${ref:nextJobb}' }",
        "multicast: { onPrepare: nextJobb, steps: [ log: x ] }",
        "doTry: { steps: [ process: { ref: '#bean:nextJobb' } ] }",
      })
  void misspeltBeanIsRefused(String steps) {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> checkSteps(steps))
        .withMessageContaining("my-routes/mine.yaml, route mine")
        .withMessageContaining("the bean 'nextJobb'")
        .withMessageContaining("did you mean nextJob?");
  }

  @Test
  void misspeltAggregationStrategyIsRefused() {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(
            () ->
                checkSteps(
                    "pollEnrich: { constant: 'file:x', aggregationStrategy: '#keepOrginal' }"))
        .withMessageContaining("did you mean keepOriginal?");
  }

  @Test
  void propertyThatNothingSetsIsRefusedAndAQuestionOfThatNameProposed() {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> checkSteps("log: '${exchangeProperty.clusterReady}'"))
        .withMessageContaining("the exchange property 'clusterReady', which nothing sets")
        .withMessageContaining("did you mean run.session.clusterReady?");
  }

  @Test
  void misspeltPropertyOfCamelOrOfTheUserIsRefused() {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> checkSteps("log: '${exchangeProperty.CamelExceptionCought}'"))
        .withMessageContaining("'CamelExceptionCought'");
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(
            () ->
                checkSteps(
                    "{ setProperty: { name: colour, constant: red } }, { log: '${exchangeProperty.color}' }"))
        .withMessageContaining("did you mean colour?");
  }

  @Test
  void routeConfigurationIsChecked() {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(
            () ->
                check(
                    """
                    - routeConfiguration:
                        id: mine
                        onException:
                          - onException:
                              exception: [ java.lang.Exception ]
                              handled: { simple: "${exchangeProperty.run.jobsLefft}" }
                              steps: [ log: x ]
                    """))
        .withMessageContaining("my-routes/mine.yaml, routeConfiguration mine")
        .withMessageContaining("did you mean run.jobsLeft?");
  }

  @Test
  void routeThatATemplateMakesIsChecked() {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(
            () ->
                check(
                    """
                    - routeTemplate:
                        id: mine
                        parameters: [ { name: word } ]
                        from:
                          uri: direct:mine
                          steps:
                            - log: "{{word}} ${exchangeProperty.run.jobsLefft}"
                    """))
        .withMessageContaining("did you mean run.jobsLeft?");
  }

  @Test
  void everyProblemIsSaidAtOnceEachWithItsLine() {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(
            () ->
                check(
                    """
                    - route:
                        id: mine
                        from:
                          uri: direct:mine
                          steps:
                            - process: { ref: nextJobb }
                            - setBody:
                                simple: "${exchangeProperty.run.session.clusterRedy}"
                    """))
        .withMessageContaining(": \"nextJobb\" refers")
        .withMessageContaining("line 7: ")
        .withMessageContaining("did you mean run.session.clusterReady?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "setProperty: { name: run, constant: mine }",
        "removeProperty: { name: run }",
        "removeProperties: { pattern: '*' }",
      })
  void theContextCannotBeTakenFromTheExchange(String steps) {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> checkSteps(steps))
        .withMessageContaining("'run' belongs to Caravan");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "log: '${exchangeProperty.run.session.clusterReady} of ${exchangeProperty.run} at ${date:now:HH}'",
        "log: '${exchangeProperty.run.job.length()} ${exchangeProperty.run.job.toUpperCase()}'",
        "{ setProperty: { name: my.own, constant: a } }, { log: '${exchangeProperty.my.own}' }",
        "{ setProperty: { name: own, constant: a } }, { log: '${exchangeProperty.own.length}' }",
        "{ setProperty: { name: own, constant: a } }, { log: '${exchangeProperty[own]}' }",
        "log: '${exchangeProperty.CamelLoopIndex} ${exchangeProperty.CamelExceptionCaught.message}'",
        "log: '${header.whatever} ${variable.own} ${body.size} ${exchangeId}'",
        "setBody: { constant: '${exchangeProperty.run.jobsLefft}' }",
        "process: { ref: '{{my.step:nextJob}}' }",
        "bean: { beanType: java.util.Date }",
        "removeProperties: { pattern: '*', excludePattern: 'run' }",
      })
  void whatExistsIsAllowed(String steps) {
    assertThatCode(() -> checkSteps(steps)).doesNotThrowAnyException();
  }

  @Test
  void functionsAreFoundWithinEachOther() {
    assertThat(RouteReferences.functions("a ${b.${c}.d} $simple{e} } ${f"))
        .containsExactly("c", "b.*.d", "e");
  }
}
