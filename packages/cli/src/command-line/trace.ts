import type { TraceCommandOptions } from '../commands/trace.ts';
import { type AddCommand, choice, once, colorOption, COLOR_HELP, withHelp } from './options.ts';

/** What `netdrift trace --help` prints. */
export const TRACE_HELP = `netdrift trace <snapshot...> <packet> - what a node does with a packet, rule by rule

  netdrift trace node/ 'tcp 10.244.3.9 -> 10.96.0.10:53'
  netdrift trace node/ 'udp 10.96.0.10:53' --from pod
  netdrift trace before/ after/ 'tcp 203.0.113.9 -> 192.168.10.11:30080' --in eth0

The packet is the first of a connection: a protocol, the sender, an arrow (-> or →), the destination with its port.
Without a sender it is asked for one from a pod, from the node and from outside. KUBE-SERVICES#3 is rule 3 of the chain.

Options:
  --from pod|node|outside|ADDRESS
                            who sends it (node: it starts at OUTPUT; others: at PREROUTING)
  --in INTERFACE            the interface it comes in by
  --format text|json        how to tell it (text)
${COLOR_HELP}

Exit status: 0, or 2 for trouble: usage, or a part that cannot be read.
`;

/** `netdrift trace`: what becomes of one packet. */
export const addTrace: AddCommand = (program, done) => {
  withHelp(program.command('trace <snapshots...>'), TRACE_HELP)
    .addOption(once('--from <sender>'))
    .addOption(once('--in <interface>'))
    .addOption(choice('--format <format>', ['text', 'json'], 'text'))
    .addOption(colorOption())
    .action(async (words: string[], options: TraceCommandOptions) => {
      const { trace } = await import('../commands/trace.ts');
      done(await trace(words, options));
    });
};
