import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const drift = fileURLToPath(new URL('../../packages/drift/src/', import.meta.url));
/** `desired` holds the rules as kube-proxy writes them: there a name stands in the text of its rule. */
const SPELLED_IN = /^(?:proxy|desired)\//;

it('names of chains and sets of kube-proxy are spelled in `proxy` alone, and in the rules that `desired` gives', () => {
  const files = readdirSync(drift, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !SPELLED_IN.test(name));
  const spelled = files.filter((name) =>
    /'KUBE-[A-Z]|"KUBE-[A-Z]/.test(readFileSync(drift + name, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')),
  );
  expect(spelled).toEqual([]);
});
