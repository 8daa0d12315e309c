// Commander and yaml are CommonJS and ask for Node's own modules with require(), which an ES module does not have. In a bundle each of
// these calls becomes an import.

/** @type {import('esbuild').Plugin} */
export const requiredBuiltIns = {
  name: 'required-built-ins',
  setup(build) {
    build.onResolve({ filter: /^(node:)?(buffer|child_process|events|fs|path|process)$/ }, ({ path, kind }) =>
      kind === 'require-call' ? { path: path.replace('node:', ''), namespace: 'required-built-in' } : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'required-built-in' }, ({ path }) => ({ contents: `export * from 'node:${path}';` }));
  },
};
