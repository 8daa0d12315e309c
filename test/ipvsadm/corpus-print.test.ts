import { describe, expect, it } from 'vitest';
import { parseIpvsadm, printIpvsadm } from '@netdrift/ipvsadm';
import { corpusBytes, corpusFiles, describeCorpus } from '../support/corpus.ts';

const outputs =
  /\/(?:ln|stats|rate|thresholds|persistent-conn|tun-info|save|connections|timeout|daemon|names|one-service|x-|proc-ip_vs|ipvsadm-)[^/]*\.(?:txt|err)$/;

describeCorpus('ipvsadm', 'every captured output', () => {
  it('prints back byte for byte from a tree without spans', () => {
    const failed: string[] = [];
    let count = 0;
    for (const path of [...corpusFiles('ipvsadm'), ...corpusFiles('kube-proxy')].filter((name) => outputs.test(`/${name}`))) {
      count += 1;
      const text = new TextDecoder().decode(corpusBytes(path));
      const { value, diagnostics } = parseIpvsadm(text);
      const printed = printIpvsadm(JSON.parse(JSON.stringify(value, (key, part) => (key === 'span' ? undefined : part))));
      if (printed !== text) failed.push(`${path}: ${JSON.stringify(diagnostics[0])} ${value.kind}`);
    }
    expect(failed.slice(0, 30)).toEqual([]);
  });
});
