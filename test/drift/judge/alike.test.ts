import { describe, expect, it } from 'vitest';
import { withAlike } from '../../../packages/drift/src/judge/causes/alike.ts';
import type { Story } from '../../../packages/drift/src/judge/claims.ts';
import type { Certainty } from '../../../packages/drift/src/report.ts';

function story(name: string, certainty: Certainty): Story {
  return {
    change: {
      id: 'nat.dnat.retargeted',
      severity: 'notice',
      effect: 'redirected',
      certainty,
      subject: { kind: 'kube.servicePort', name },
      text: `${name} leads elsewhere`,
      alike: { key: 'elsewhere', names: [name], least: 2, text: (names) => `${names.join(', ')} lead elsewhere` },
      origins: [],
    },
    parts: [],
  };
}

describe('changes that say the same', () => {
  it('are told together where they are equally certain', () => {
    expect(withAlike([story('one', 'proven'), story('two', 'proven')]).map(({ change }) => change.text)).toEqual([
      'one, two lead elsewhere',
    ]);
  });

  it('are told apart where one is certain and the other holds under a condition', () => {
    expect(withAlike([story('one', 'proven'), story('two', 'conditional')]).map(({ change }) => change.text)).toEqual([
      'one leads elsewhere',
      'two leads elsewhere',
    ]);
  });
});
