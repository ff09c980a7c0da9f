"""How each exercise is done, and the two positions that it moves between: `knowledge/exercises.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from afterrun.rulebook.schema.names import ExerciseId, Filled, Id, OwnInterventionId, Sources, Text
from afterrun.rulebook.schema.written import SOME, Limits, Names, Written

Angle = Annotated[int, Limits(ge=-180, le=180)]

Prop = Literal[
    "chair",
    "wall",
    "band_on_legs",
    "band_underfoot",
    "dumbbells",
    "dumbbell_at_chest",
    "barbell_on_back",
    "barbell_in_front",
    "leg_press",
]
"""What is drawn beside the body. The floor is always there, and a step where a foot stands on it."""


class Leg(Written):
    """The joints of one leg in degrees; all 0 is standing straight."""

    hip: Angle = 0
    """How far the thigh is bent forward on the trunk."""
    knee: Annotated[int, Limits(ge=0, le=160)] = 0
    out: Angle = 0
    """How far the thigh is moved out to its side."""
    foot: Angle = 0
    """Of a foot that stands, how far its heel is up; of one in the air, how far its toes point down."""
    on: Literal["floor", "step", "air"] = "floor"


class Arm(Written):
    """The joints of an arm in degrees; all 0 is hanging down along the trunk."""

    shoulder: Angle = 0
    """How far the upper arm is lifted forward."""
    elbow: Annotated[int, Limits(ge=0, le=160)] = 0
    out: Angle = 0
    """How far the upper arm is moved out to its side."""


class Pose(Written):
    """One position of the body; where no foot stands, it lies on the floor."""

    trunk: Angle = 0
    """How far it leans forward; -90 lies on the back."""
    side: Angle = 0
    """How far it leans to the side of the working leg; -90 lies on the other side."""
    head: Angle = 0
    """How far it is bent forward on the trunk."""
    hips: Angle = 0
    """How far the hip of the other leg is up."""
    leg: Leg = Leg()
    """The leg that works, drawn dark."""
    other: Leg | None = None
    """The other leg, where it does something else."""
    arm: Arm = Arm()
    """The arm on the side of the working leg."""
    other_arm: Arm | None = None
    """The other arm, where it does something else."""
    lift: Annotated[int, Limits(ge=0, le=60)] = 0
    """How high the body is above its place, in hundredths of a standing leg."""


class Exercise(Written):
    """One exercise, as a person does it who has never seen it."""

    id: ExerciseId
    name: Text
    needs: Annotated[Id, Names("equipment", offered=False)]
    """What it is done with: an option of the question about equipment."""
    set_up: Filled
    movement: Filled
    side: Filled
    """Which leg."""
    depth: Filled
    """How deep, how high or how far."""
    feel: Filled
    """What it should feel like."""
    dose: tuple[Filled, ...] = ()
    """Instead of the dose of its programme; keys of the plan stand in {braces}."""
    easier: Annotated[tuple[Text, ...], SOME]
    """Ids of other exercises, or sentences."""
    harder: Annotated[tuple[Text, ...], SOME]
    """Ids of other exercises, or sentences."""
    ladder: tuple[Text, ...] = ()
    """How it gets harder without weights: ids or sentences, one step after the other."""
    view: Literal["side", "front"] = "side"
    props: tuple[Prop, ...] = ()
    start: Pose
    end: Pose
    pending: str = ""
    """Why no key of the plan names it yet."""
    sources: Sources


class ExerciseFile(Written):
    """`knowledge/exercises.yaml`."""

    doses: Mapping[OwnInterventionId, Annotated[tuple[Filled, ...], SOME]]
    """For each intervention how its exercises are done; keys of the plan stand in {braces}."""
    exercises: Annotated[tuple[Exercise, ...], SOME]
