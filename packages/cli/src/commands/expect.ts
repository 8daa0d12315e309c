import { type ExpectedState, expectedState, type GivenSettings, renderExpectedJson, renderExpectedText } from '@netdrift/drift';
import { NOTHING, TROUBLE } from '../exit-status.ts';
import { readSnapshotArgument } from '../input/read-snapshot-argument.ts';
import { StandardInput } from '../input/standard-input.ts';
import { StandardOutput } from '../output/standard-output.ts';
import { tell } from '../output/tell.ts';
import { tellTroubles } from '../output/tell-troubles.ts';
import { Trouble } from '../trouble.ts';
import type { ColorOptions } from '../command-line/options.ts';
import { colorsOutput } from '../output/color.ts';

/** Options of `netdrift expect`. */
export interface ExpectOptions extends ColorOptions {
  readonly format: 'text' | 'json' | 'ipvsadm' | 'ipset';
  readonly node?: string;
  readonly version?: string;
  readonly mode?: string;
}

const MODES = ['ipvs', 'iptables', 'nftables'] as const;

/** `netdrift expect`: what kube-proxy would program; gives the exit status. */
export async function expect(argument: string, options: ExpectOptions): Promise<number> {
  const given = givenSettings(options);
  const snapshot = await readSnapshotArgument(argument, new StandardInput());
  const state = expectedState(snapshot, given);
  // Of what could not be read nothing is expected, which is not the same as that nothing would be programmed.
  if (snapshot.parts.some(({ completeness }) => completeness.state !== 'unreadable'))
    await new StandardOutput().write(rendered(state, options));
  for (const assumption of state.assumptions) tell(assumption);
  tellTroubles(state.troubles, argument);
  return state.troubles.length > 0 ? TROUBLE : NOTHING;
}

function givenSettings({ node, version, mode }: ExpectOptions): GivenSettings {
  const known = MODES.find((candidate) => candidate === mode);
  if (mode !== undefined && known === undefined) throw new Trouble(`--mode takes ${MODES.join(', ')}`);
  if (version !== undefined && !/^v?1\.\d{1,3}(?:[.+-]|$)/.test(version))
    throw new Trouble('--version takes a version of kube-proxy, as 1.30');
  return {
    ...(node === undefined ? {} : { nodeName: node }),
    ...(version === undefined ? {} : { version }),
    ...(known === undefined ? {} : { mode: known }),
  };
}

function rendered(state: ExpectedState, { format, color }: ExpectOptions): string {
  if (format === 'text') return renderExpectedText(state, { color: colorsOutput(color) });
  if (format === 'json') return renderExpectedJson(state);
  if (state.ipvs === undefined) throw new Trouble(`${state.mode} mode does not support --format ${format}`);
  return state.ipvs[format];
}
