import type { ExpectOptions } from '../commands/expect.ts';
import { type AddCommand, choice, once, colorOption, COLOR_HELP, withHelp } from './options.ts';

/** What `netdrift expect --help` prints. */
export const EXPECT_HELP = `netdrift expect <objects> - what kube-proxy would program on a node

  netdrift expect cluster.yaml --node node-1
  netdrift expect cluster/ --node node-1 --version 1.30 --mode ipvs --format ipvsadm
  kubectl get services,endpointslices,nodes -A -o json | netdrift expect - --node node-1

<objects> holds Services, EndpointSlices and Nodes as JSON or YAML; a kube-proxy log or configuration file beside them
tells its flags, and ip addr the addresses of the node. What no input tells is assumed, and said on standard error.

Options:
  --node NAME               the node (the only one, or the one a log or an address names)
  --version VERSION         version of kube-proxy, as 1.30 (that of the log, or 1.30)
  --mode ipvs|iptables|nftables
                            mode of kube-proxy (that of the log or configuration, or ipvs)
  --format text|json|ipvsadm|ipset
                            text: where each service leads; ipvsadm: input for ipvsadm -R; ipset: input for ipset
                            restore; the last two in ipvs mode alone
${COLOR_HELP}

Exit status: 0, or 2 for trouble: usage, or a part that cannot be read.
`;

/** `netdrift expect`: what kube-proxy would program for the objects of a cluster. */
export const addExpect: AddCommand = (program, done) => {
  withHelp(program.command('expect <objects>'), EXPECT_HELP)
    .addOption(choice('--format <format>', ['text', 'json', 'ipvsadm', 'ipset'], 'text'))
    .addOption(colorOption())
    .addOption(once('--node <name>'))
    .addOption(once('--version <version>'))
    .addOption(once('--mode <mode>'))
    .action(async (objects: string, options: ExpectOptions) => {
      const { expect } = await import('../commands/expect.ts');
      done(await expect(objects, options));
    });
};
