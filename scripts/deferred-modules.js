// Modules of functions that few runs call, and whose dependencies take long to evaluate: they are evaluated at the first call. An
// `import()` could do that only if every parser were asynchronous; esbuild makes of a `require` of a module in the same bundle a call.
import { readFileSync } from 'node:fs';

/** Chevrotain, for lines of a shape that is not known; the parser of YAML; and what each form of output is read with. */
const DEFERRED =
  /[\\/](machine[\\/]load-rule-parser|objects[\\/]yaml-documents|iptables[\\/]src[\\/]\w+[\\/]load-\w+-reader|(ipvsadm|ipset|modules)[\\/]src[\\/]parse)\.ts$/;
/** Marks the module itself, where the name alone stands for the functions that evaluate it. */
const ITSELF = '?itself';

/** @type {import('esbuild').Plugin} */
export const deferredModules = {
  name: 'deferred-modules',
  setup(build) {
    // The form of yaml that asks for no module of Node's.
    build.onResolve({ filter: /^yaml$/ }, async ({ path, ...from }) => {
      if (from.pluginData === ITSELF) return undefined;
      const found = await build.resolve(path, { ...from, pluginData: ITSELF });
      return { path: found.path.replace(/dist([\\/])index\.js$/, 'browser$1index.js'), errors: found.errors };
    });
    build.onResolve({ filter: /\?itself$/ }, ({ path }) => ({ path: path.slice(0, -ITSELF.length), suffix: ITSELF }));
    build.onLoad({ filter: DEFERRED }, ({ path, suffix }) => {
      const contents = readFileSync(path, 'utf8');
      if (suffix === ITSELF) return { contents, loader: 'ts' };
      if (/^export (?!function|type|interface)/m.test(contents))
        throw new Error(`${path} is deferred, so it can export nothing but functions`);
      const names = [...contents.matchAll(/^export function (\w+)/gm)].map(([, name]) => name);
      const source = JSON.stringify(path + ITSELF);
      return {
        contents: names.map((name) => `export const ${name} = (...given) => require(${source}).${name}(...given);`).join('\n'),
        loader: 'ts',
      };
    });
  },
};
