/** The settings that every stage has, group by group. */
import { html, type TemplateResult } from 'lit';
import { AXIS_CHOICES } from '../../charts/axis';
import { MEASURES, type ResidualView } from '../../charts/measure';
import { solverNames } from '../../actions/outcome';
import { setResidualView, setWork, showEarlierRuns } from '../../actions/setup';
import { wantedEngine, type LabState } from '../../store';
import { checkField } from '../../ui/check-field';
import { icon } from '../../ui/icons';
import { limitSetting, MOST_ITERATIONS, toleranceSetting } from '../shared/settings/bound-settings';
import { engineSetting, speedField, themeSetting } from '../shared/settings/lab-settings';
import type { SettingGroup } from '../shared/settings/search';
import { choiceSetting, type Setting } from '../shared/settings/setting';
import { schedules, solvers } from '../shared/settings/solver-choices';
import { criterionSetting, solverSettings } from '../shared/settings/solver-settings';
import { laneFields } from './elements/lane-fields';
import { addLane, changeLane, setLanes } from './lane-choices';
import { LANE_SETS, laneSetOf, MOST_LANES, type Lane } from './lanes';
import { EARLIER_MEANS } from './words';

const residuals = (['map', 'step'] as const).map((value) => {
  const { title, axis } = MEASURES[`${value}-residual`];
  return { value, label: title, tells: `${axis.slice(title.length).trim()}.` };
});

/** The choice that stands where a person has changed the lanes. */
const OWN = 'own';

function lanesSetting(lanes: readonly Lane[]): Setting {
  const choices = [
    ...LANE_SETS.map(({ name, hint }) => ({ value: name, label: name, tells: hint })),
    { value: OWN, label: 'Your own', tells: 'as they are listed below.', disabled: true },
  ];
  const setting = choiceSetting('Ways', choices, laneSetOf(lanes)?.name ?? OWN, (name) => {
    const chosen = LANE_SETS.find((set) => set.name === name);
    if (chosen) setLanes(chosen.lanes);
  });
  return {
    ...setting,
    field: html`${setting.field}
      <button ?disabled=${lanes.length >= MOST_LANES} @click=${addLane}>${icon('plus')}Add a lane</button>`,
  };
}

/** Where a lane begins: its field, and what such a start is. */
export type LaneStart = { readonly field: (lane: Lane) => TemplateResult; readonly means: string };

/** One lane: what it is, and the settings of its solver. */
function laneGroup(lane: Lane, at: number, count: number, start?: LaneStart): SettingGroup {
  const { id, name, schedule, solver, preset } = lane;
  const chosenSolver = solvers.find(({ value }) => value === (preset ?? solver.kind));
  const take = (next: Lane['solver']): void => changeLane(id, { solver: next, preset: null });
  return {
    title: `Lane ${at + 1}: ${name}`,
    settings: [
      {
        name: start ? 'Schedule, solver and start' : 'Schedule and solver',
        tells: [
          ...[schedules.find(({ value }) => value === schedule), chosenSolver].map((choice) =>
            choice ? `${choice.label}: ${choice.tells}` : '',
          ),
          ...(start ? [start.means] : []),
        ].join(' '),
        words: `colour name order ${start ? 'begin zero forward learned curvature ' : ''}${[...schedules.map(({ label }) => label), ...Object.values(solverNames)].join(' ')}`,
        field: laneFields(lane, at, count, start?.field(lane)),
      },
      ...solverSettings(solver, false, take),
      ...solverSettings(solver, true, take),
    ],
  };
}

function whatIsShown({ work, residualView: { residual }, earlierRuns, speed }: LabState): readonly Setting[] {
  return [
    choiceSetting('Count in', AXIS_CHOICES, work, setWork),
    choiceSetting<ResidualView['residual']>('Residual shown', residuals, residual, (chosen) =>
      setResidualView({ residual: chosen }),
    ),
    {
      name: 'Earlier runs',
      tells: EARLIER_MEANS,
      words: 'history previous before',
      field: checkField('Earlier runs', earlierRuns, showEarlierRuns),
    },
    {
      name: 'Speed',
      tells: 'How fast time goes by while it plays',
      words: 'pace play iterations per second',
      field: speedField(speed, false),
    },
  ];
}

/** @param local how units of a CHN find their best state; null where there is no such choice */
export function stageSettings(
  state: LabState,
  local: Setting | null,
  start?: LaneStart,
): readonly SettingGroup[] {
  const { solve, lanes, theme } = state;
  return [
    {
      title: 'When a lane has arrived',
      settings: [
        toleranceSetting(solve.tolerance),
        limitSetting(solve.iterationLimit, MOST_ITERATIONS.stage),
        criterionSetting(solve.criterion),
        ...(local ? [local] : []),
      ],
    },
    { title: 'Lanes', settings: [lanesSetting(lanes)] },
    ...lanes.map((lane, at) => laneGroup(lane, at, lanes.length, start)),
    { title: 'What is shown', settings: whatIsShown(state) },
    { title: 'Lab', settings: [engineSetting(wantedEngine(state)), themeSetting(theme)] },
  ];
}
