import type { World } from '../../../world/world.ts';
import { type Box, EVERYTHING, withMark } from '../sets/box.ts';
import { partOfPath, type Program } from '../program.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { decisionOf } from './decisions.ts';
import { ipvsSteps } from './ipvs-steps.ts';
import type { Question, Step, StepVerdict } from './step.ts';

/** What a packet meets on the kernel's path that no listing has. */
export interface PathParts {
  /** Whether what arrived is for the node. */
  readonly arrivalRoute: Program;
  readonly outputRoute: Program;
  /** Whether what the node sends is for itself. */
  readonly leavingRoute: Program;
  readonly ipvs: Program | undefined;
  readonly here: Program;
  readonly sent: Program;
}

/** Makes the parts of one world. */
export function pathParts(world: World, vocabulary: Vocabulary): PathParts {
  return {
    arrivalRoute: routing(world, vocabulary, { kind: 'enter', track: 'input' }, { kind: 'enter', track: 'forward' }),
    outputRoute: partOfPath('route', [unconditional({ kind: 'enter', track: 'leaving' })]),
    leavingRoute: routing(world, vocabulary, { kind: 'enter', track: 'loopback' }, { kind: 'arrive', where: 'sent' }),
    ipvs: world.ipvs === undefined ? undefined : partOfPath('ipvs', ipvsSteps(world.ipvs, world.addresses, vocabulary)),
    here: partOfPath('here', [unconditional({ kind: 'arrive', where: 'here' })]),
    sent: partOfPath('sent', [unconditional({ kind: 'arrive', where: 'sent' })]),
  };
}

function unconditional(verdict: StepVerdict): Step {
  return { box: EVERYTHING, questions: [], actions: [], verdict, hit: 1, miss: 1 };
}

/** Whether the destination is the node's: the same question that rules ask. */
function routing({ addresses, ipvs }: World, vocabulary: Vocabulary, here: StepVerdict, elsewhere: StepVerdict): Program {
  const test = decisionOf({ kind: 'local', field: 'destination', not: false }, { vocabulary, addresses });
  const clauses = test === undefined ? [] : 'box' in test ? [{ ...test, holds: true }] : test.clauses;
  const marks = here.kind === 'enter' && here.track === 'input' ? (ipvs?.byMark.entries ?? []) : [];
  const all = [...marks.flatMap(({ bounds: [mark] }) => takenByMark(Number(mark))), ...clauses];
  const steps = all.map(({ box, questions, holds }): Step => ({
    box,
    questions,
    actions: [],
    verdict: holds ? here : elsewhere,
    hit: 1,
    miss: 1,
  }));
  return partOfPath('route', [...steps, unconditional(elsewhere)]);
}

/**
 * What a firewall-mark service takes counts as the node's own: whoever sets one up has the node take such packets, or IPVS does not see
 * them.
 */
function takenByMark(mark: number): { readonly box: Box; readonly questions: readonly Question[]; readonly holds: true }[] {
  const box = withMark(EVERYTHING, 'mark', { mask: 0xffff_ffff, value: mark });
  return box === undefined ? [] : [{ box, questions: [], holds: true }];
}
