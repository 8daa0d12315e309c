import { readFileSync } from 'node:fs';
import { format } from 'node:util';

/** One example of a README: its code, and the output that is shown below it. */
export interface ReadmeExample {
  readonly code: string;
  readonly shown: string;
}

/** The examples of a README: each `js` block that has a `text` block right behind it. `path` is relative to the repository. */
export function readmeExamples(path: string): readonly ReadmeExample[] {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  return [...text.matchAll(/```js\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g)].map(([, code = '', shown = '']) => ({ code, shown }));
}

/** What an example prints, with `modules` in place of its imports. */
export function runExample({ code }: ReadmeExample, modules: Readonly<Record<string, object>>): string {
  const printed: string[] = [];
  const body = code.replaceAll(/^import (\{[^}]*\}) from '([^']+)';$/gm, "const $1 = modules['$2'];");
  const run = new Function('modules', 'console', body) as (modules: object, console: object) => void;
  run(modules, { log: (...parts: unknown[]) => printed.push(`${format(...parts)}\n`) });
  return printed.join('');
}
