import { type NodeBuilder, nodeBuilder, type NodeGuard, nodeGuard, type NodeKinds, NOWHERE } from '@netdrift/core';
import type { ModulesNode, ToolError } from './ast.ts';

type AnyNode = ModulesNode | ToolError;

const KINDS = {
  Lsmod: { layout: { form: 'kmod', header: true }, modules: [], span: NOWHERE },
  Module: { span: NOWHERE },
  ModuleErrors: { errors: [], span: NOWHERE },
  ModuleNames: { modules: [], span: NOWHERE },
  ModulesBuiltin: { modules: [], span: NOWHERE },
  ProcModules: { modules: [], span: NOWHERE },
  ToolError: { span: NOWHERE },
} as const satisfies NodeKinds<AnyNode>;

/**
 * Makes a node of the trees of this package: a span in no text, empty lists and the usual layout are filled in. A key that may be
 * missing stays missing unless it is given: that means that no text shows it.
 *
 * @example
 * const modules = [buildModules('Module', { name: 'ip_vs' })];
 * printModules(buildModules('ModuleNames', { modules })) // => 'ip_vs\n'
 */
export const buildModules: NodeBuilder<AnyNode, typeof KINDS> = nodeBuilder<AnyNode, typeof KINDS>(KINDS);

/**
 * Tells whether a value is a node of the trees of this package, or one of one kind. It looks at `kind` alone.
 *
 * @example
 * isModulesNode(value, 'Lsmod') // => true: value.layout can be asked for
 */
export const isModulesNode: NodeGuard<AnyNode> = nodeGuard<AnyNode>(KINDS);
