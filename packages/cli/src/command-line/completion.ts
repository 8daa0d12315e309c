import { NOTHING } from '../exit-status.ts';
import { type AddCommand, withHelp } from './options.ts';

/** What `netdrift completion --help` prints. */
export const COMPLETION_HELP = `netdrift completion <shell> - completion of commands, options and their values

  source <(netdrift completion bash)                     in ~/.bashrc
  source <(netdrift completion zsh)                      in ~/.zshrc, after compinit
  netdrift completion fish > ~/.config/fish/completions/netdrift.fish

<shell> is bash, zsh or fish.
`;

/** `netdrift completion`: made from the commands as they are. */
export const addCompletion: AddCommand = (program, done) => {
  withHelp(program.command('completion <shell>'), COMPLETION_HELP).action(async (shell: string) => {
    const { completion } = await import('../commands/completion.ts');
    process.stdout.write(completion(program, shell));
    done(NOTHING);
  });
};
