import { readTranscript } from '@netdrift/core';
import { describe, expect, it } from 'vitest';

const message = (index: number): string => `I0118 10:00:00.${String(100_000 + index)}       1 config.go:315] "Starting" number=${index}`;

/** Lines of pods in turn. */
function inTurn(pods: readonly string[], count: number, prefix: (pod: string) => string): string {
  return Array.from({ length: count }, (_none, index) => pods.map((pod) => `${prefix(pod)}${message(index)}\n`).join('')).join('');
}

describe('lines of several machines that stand mixed', () => {
  it.each([
    ['kubectl logs --prefix', (pod: string) => `[pod/${pod}/kube-proxy] `],
    ['stern', (pod: string) => `${pod} kube-proxy `],
    ['kubetail', (pod: string) => `[${pod}] `],
    ['docker compose', (pod: string) => `${pod.padEnd(20)} | `],
    ['syslog', (pod: string) => `Jan 18 10:00:00 ${pod} kube-proxy[12]: `],
  ])('are one log a pod in the output of %s, however many lines there are', (_name, prefix) => {
    const { sections, diagnostics } = readTranscript(inTurn(['proxy-a1', 'proxy-b2', 'proxy-c3'], 4000, prefix));
    expect(sections.map(({ tool, host, text }) => [tool, host, text.split('\n').length - 1])).toEqual([
      ['kube-proxy', 'proxy-a1', 4000],
      ['kube-proxy', 'proxy-b2', 4000],
      ['kube-proxy', 'proxy-c3', 4000],
    ]);
    expect(diagnostics.filter(({ code }) => code === 'transcript/mixed-machines').map(({ message: told }) => told)).toEqual([
      'lines of 3 machines or pods that stand mixed are read one after the other',
    ]);
  });

  it('keep the places at which they stand', () => {
    const text = `> noted by me\n\n${inTurn(['proxy-a1', 'proxy-b2'], 3, (pod) => `> [pod/${pod}/kube-proxy] `)}`;
    for (const { host, text: read, pieces } of readTranscript(text).sections) {
      expect(pieces.map(({ start, end }) => text.slice(start, end)).join('')).toBe(read);
      expect(pieces.every(({ start }) => text.slice(0, start).endsWith(`[pod/${host}/kube-proxy] `))).toBe(true);
    }
  });

  it('are read with lines of theirs that alone would name nobody', () => {
    const lines = [
      'Chain INPUT (policy ACCEPT)',
      'target     prot opt source               destination',
      '',
      'Chain OUTPUT (policy ACCEPT)',
    ];
    const text = lines.map((line) => `lb1: ${line}\nlb2: ${line}`.replaceAll(/ $/gm, '')).join('\n');
    expect(readTranscript(text).sections.map(({ host, text: read }) => [host, read])).toEqual([
      ['lb1', `${lines.join('\n')}\n`],
      ['lb2', lines.join('\n')],
    ]);
  });

  it('are left as they stand where no machine goes on behind another', () => {
    const text = `lb1: *nat\nlb1: COMMIT\nlb2: *nat\nlb2: COMMIT\n`;
    const { sections, diagnostics } = readTranscript(text);
    expect(sections.map(({ host }) => host)).toEqual(['lb1', 'lb2']);
    expect(diagnostics.map(({ code }) => code)).not.toContain('transcript/mixed-machines');
  });

  it('are none in YAML, in messages and in a table', () => {
    const texts = [
      'kind: Node\nmetadata: {name: n1}\n---\nkind: EndpointSlice\naddressType: IPv4\n---\nkind: Service\n',
      'Warning: One\nError: Two\nWarning: Three\n',
      'Web | Chain\nDb | Rule\nWeb | Rule\n',
    ];
    for (const text of texts) expect(readTranscript(text).diagnostics.map(({ code }) => code)).not.toContain('transcript/mixed-machines');
  });

  it('are none where words end in a colon', () => {
    const text = 'Note: *nat is here\nFirst: this\nNote: that\nFirst: those\n*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n';
    expect(readTranscript(text).sections.map(({ host, text: read }) => [host, read])).toEqual([
      [undefined, '*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n'],
    ]);
  });
});
