"""What people write in YAML: the shape of every rule and knowledge file, one module a kind."""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun.rulebook.schema.codes import Classification, Classified, Code, Coded, CodeFile, Exchanged
    from afterrun.rulebook.schema.conclusions import (
        BEYOND,
        Finding,
        Intervention,
        Parameter,
        Pattern,
        TriageLevel,
    )
    from afterrun.rulebook.schema.conditions import (
        AllOf,
        AnyOf,
        AtLeast,
        Condition,
        Count,
        NotThat,
        Scalar,
        Test,
        TestOn,
    )
    from afterrun.rulebook.schema.enrolment import Diary, Doubt, Enrolment, Keep, Move
    from afterrun.rulebook.schema.exercises import Arm, Exercise, ExerciseFile, Leg, Pose
    from afterrun.rulebook.schema.files import INVARIANTS, KNOWLEDGE, RULES
    from afterrun.rulebook.schema.formulas import (
        Capped,
        Difference,
        FirstKnown,
        Formula,
        Function,
        LargestAboveZero,
        Measure,
        Operand,
        ParameterRef,
        PercentChange,
        Raised,
        Reduced,
        RoundedDown,
        Sum,
    )
    from afterrun.rulebook.schema.history import Habit, Measured, Offered, Regular, Window, WrittenHistory
    from afterrun.rulebook.schema.invariants import (
        ANY,
        AllClaims,
        AnswerNumber,
        AnyClaim,
        Blank,
        Bound,
        Claim,
        Gives,
        GivesNow,
        Invariant,
        NotClaim,
        Open,
        Planned,
        PlanNumber,
        PlanTest,
        Refuted,
        Shows,
        Triage,
    )
    from afterrun.rulebook.schema.names import (
        Id,
        Identity,
        InterventionId,
        KebabId,
        PatternId,
        PlanKey,
        QuestionId,
        Text,
    )
    from afterrun.rulebook.schema.plans import PlanItem, PlanValue, SchemeEntry
    from afterrun.rulebook.schema.questions import (
        HUNDREDTH,
        Earlier,
        Group,
        Interview,
        Option,
        Quantity,
        Question,
        Section,
        Unit,
    )
    from afterrun.rulebook.schema.rules import Answers, Review, Rule
    from afterrun.rulebook.schema.schedule import (
        OF_THE_WEEK,
        PLACEHOLDER,
        CheckIn,
        Course,
        FromPlan,
        Line,
        Rise,
        SessionKind,
        Share,
        Weekday,
        WrittenSchedule,
    )
    from afterrun.rulebook.schema.sources import Background, Hazard, Publication, SourceFile, Verdict
    from afterrun.rulebook.schema.written import BY_KEY, BY_NAME, ONE, Limits, Names, Written, as_written
else:
    __getattr__, __dir__ = door(globals())
