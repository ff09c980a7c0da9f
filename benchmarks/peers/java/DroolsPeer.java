// Drools through its executable model: reads what drools.py wrote, checks, measures, prints JSON.
// Answers are one fact, conclusions are facts, salience keeps the order, each row has a session of its own.

import java.io.BufferedReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.drools.model.DSL;
import org.drools.model.Index;
import org.drools.model.Model;
import org.drools.model.PatternDSL;
import org.drools.model.Rule;
import org.drools.model.RuleItemBuilder;
import org.drools.model.Variable;
import org.drools.model.impl.ModelImpl;
import org.drools.modelcompiler.KieBaseBuilder;
import org.kie.api.KieBase;
import org.kie.api.event.rule.AfterMatchFiredEvent;
import org.kie.api.event.rule.AgendaEventListener;
import org.kie.api.event.rule.AgendaGroupPoppedEvent;
import org.kie.api.event.rule.AgendaGroupPushedEvent;
import org.kie.api.event.rule.BeforeMatchFiredEvent;
import org.kie.api.event.rule.MatchCancelledEvent;
import org.kie.api.event.rule.MatchCreatedEvent;
import org.kie.api.event.rule.RuleFlowGroupActivatedEvent;
import org.kie.api.event.rule.RuleFlowGroupDeactivatedEvent;
import org.kie.api.runtime.KieSession;

public class DroolsPeer {
    static final int RUNS = 7;
    static final double WARM_SECONDS = 15;
    static final double SECONDS_A_RUN = 1.5;

    public static final class Answers {
        final int[] cells;

        Answers(int[] cells) {
            this.cells = cells;
        }

        public int cell(int variable) {
            return cells[variable];
        }
    }

    public static final class Proved {
        final int proposition;

        Proved(int proposition) {
            this.proposition = proposition;
        }

        public int getProposition() {
            return proposition;
        }
    }

    record Fired(String rule, List<Object> premises) {}

    /** Notes each rule that fired, with the facts it stood on. */
    record Listener(List<Fired> fired) implements AgendaEventListener {
        public void afterMatchFired(AfterMatchFiredEvent event) {
            fired.add(new Fired(event.getMatch().getRule().getName(), event.getMatch().getObjects()));
        }

        public void matchCreated(MatchCreatedEvent event) {}

        public void matchCancelled(MatchCancelledEvent event) {}

        public void beforeMatchFired(BeforeMatchFiredEvent event) {}

        public void agendaGroupPopped(AgendaGroupPoppedEvent event) {}

        public void agendaGroupPushed(AgendaGroupPushedEvent event) {}

        public void beforeRuleFlowGroupActivated(RuleFlowGroupActivatedEvent event) {}

        public void afterRuleFlowGroupActivated(RuleFlowGroupActivatedEvent event) {}

        public void beforeRuleFlowGroupDeactivated(RuleFlowGroupDeactivatedEvent event) {}

        public void afterRuleFlowGroupDeactivated(RuleFlowGroupDeactivatedEvent event) {}
    }

    static Proved[] proved;
    static boolean explain;

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        explain = arguments[1].equals("listener");
        double began = cpuSeconds();
        KieBase base = load(folder.resolve("drools-rules.txt"));
        double loading = cpuSeconds() - began;
        List<int[]> rows = table(folder.resolve("drools-rows.txt"));
        List<int[]> expected = table(folder.resolve("drools-truths.txt"));
        int differs = 0;
        for (int row = 0; row < rows.size(); row++) {
            if (!Arrays.equals(assess(base, rows.get(row)), expected.get(row))) {
                differs++;
            }
        }
        // The just-in-time compiler is given time to do its work before anything is timed.
        double warmed = cpuSeconds();
        while (cpuSeconds() - warmed < WARM_SECONDS) {
            pass(base, rows);
        }
        // The clock of a process ticks in hundredths of a second: a run takes many ticks.
        double once = cpuSeconds();
        pass(base, rows);
        int passes = Math.max(1, (int) (SECONDS_A_RUN / Math.max(cpuSeconds() - once, 0.01)));
        double[] spent = new double[RUNS];
        for (int run = 0; run < RUNS; run++) {
            double start = cpuSeconds();
            for (int each = 0; each < passes; each++) {
                pass(base, rows);
            }
            spent[run] = (cpuSeconds() - start) / passes;
        }
        Arrays.sort(spent);
        System.out.printf(
                "{\"load_s\": %.4f, \"row_us\": %.4f, \"median_us\": null, \"differs\": %d, \"partial_differs\": null, "
                        + "\"checked\": %d, \"rows\": %d, \"peak_mb\": %.1f, \"version\": \"\"}%n",
                loading, spent[RUNS / 2] / rows.size() * 1e6, differs, rows.size(), rows.size(), peakMb());
    }

    static void pass(KieBase base, List<int[]> rows) {
        for (int[] row : rows) {
            assess(base, row);
        }
    }

    static int[] assess(KieBase base, int[] row) {
        KieSession session = base.newKieSession();
        List<Fired> fired = new ArrayList<>();
        if (explain) {
            session.addEventListener(new Listener(fired));
        }
        session.insert(new Answers(row));
        session.fireAllRules();
        int[] truths = new int[proved.length];
        for (Object fact : session.getObjects()) {
            if (fact instanceof Proved conclusion) {
                truths[conclusion.proposition] = 1;
            }
        }
        session.dispose();
        return truths;
    }

    /** Lines: `propositions N`, then `rule NAME STAGE`, `cell V C…`, `is P`, `not P` and `then P…`. */
    static KieBase load(Path file) throws Exception {
        ModelImpl model = new ModelImpl();
        String name = null;
        int stage = 0;
        List<String[]> literals = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "propositions" -> {
                        proved = new Proved[Integer.parseInt(words[1])];
                        for (int each = 0; each < proved.length; each++) {
                            proved[each] = new Proved(each);
                        }
                    }
                    case "rule" -> {
                        name = words[1];
                        stage = Integer.parseInt(words[2]);
                        literals = new ArrayList<>();
                    }
                    case "then" -> model.addRule(rule(name, stage, literals, numbers(words)));
                    default -> literals.add(words);
                }
            }
        }
        return KieBaseBuilder.createKieBaseFromModel((Model) model);
    }

    static Rule rule(String name, int stage, List<String[]> literals, int[] concludes) {
        List<RuleItemBuilder<?>> items = new ArrayList<>();
        Variable<Answers> answers = DSL.declarationOf(Answers.class);
        PatternDSL.PatternDef<Answers> onAnswers = PatternDSL.pattern(answers);
        items.add(onAnswers);
        for (String[] words : literals) {
            int[] numbers = numbers(words);
            if (words[0].equals("cell")) {
                int variable = numbers[0];
                int mask = 0;
                for (int place = 1; place < numbers.length; place++) {
                    mask |= 1 << numbers[place];
                }
                int wanted = mask;
                // The same name lets rules share the test; one wanted cell can be found by hash.
                String test = variable + " in " + wanted;
                if (numbers.length == 2) {
                    onAnswers.expr(test, each -> each.cell(variable) == numbers[1],
                            PatternDSL.alphaIndexedBy(int.class, Index.ConstraintType.EQUAL, variable,
                                    each -> each.cell(variable), numbers[1]));
                } else {
                    onAnswers.expr(test, each -> (wanted >> each.cell(variable) & 1) == 1);
                }
            } else {
                int proposition = numbers[0];
                PatternDSL.PatternDef<Proved> conclusion = PatternDSL.pattern(DSL.declarationOf(Proved.class))
                        .expr("is " + proposition, each -> each.proposition == proposition,
                                PatternDSL.alphaIndexedBy(int.class, Index.ConstraintType.EQUAL, 0,
                                        Proved::getProposition, proposition));
                items.add(words[0].equals("is") ? conclusion : DSL.not(conclusion));
            }
        }
        items.add(DSL.execute(drools -> {
            for (int proposition : concludes) {
                drools.insert(proved[proposition]);
            }
        }));
        return PatternDSL.rule(name).attribute(Rule.Attribute.SALIENCE, -stage)
                .build(items.toArray(new RuleItemBuilder[0]));
    }

    static int[] numbers(String[] words) {
        return Arrays.stream(words).skip(1).mapToInt(Integer::parseInt).toArray();
    }

    static List<int[]> table(Path file) throws Exception {
        List<int[]> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            rows.add(Arrays.stream(line.split(" ")).mapToInt(Integer::parseInt).toArray());
        }
        return rows;
    }

    /** All threads, the compiler and the collector included. */
    static double cpuSeconds() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / 1e9;
    }

    static double peakMb() throws Exception {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return Double.NaN;
        }
        String line = Files.readAllLines(status).stream().filter(each -> each.startsWith("VmHWM:")).findFirst().get();
        return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
    }
}
