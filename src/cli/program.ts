// The command line as commander reads it: `serve`, and every command of the list, loaded when it is called.
import { Command, CommanderError } from 'commander';
import { createRun, type ProcessFacts } from './command.js';
import { commandList } from './command-list.js';
import { exitCodes } from './exit-codes.js';

/** Runs one command line. `words` is what stands after the program's name. */
export async function runProgram(facts: ProcessFacts, words: readonly string[]): Promise<void> {
  const program = new Command('crawlgate')
    .description('A GraphQL gateway in front of a DynamoDB table of Crawl4AI crawl results.')
    .version(facts.version, '-v, --version')
    .addHelpText('after', '\nAll settings are environment variables; docs/settings.md lists them.')
    .showHelpAfterError('(--help says what there is)')
    .configureOutput({
      writeOut: (text) => facts.output.write(text),
      writeErr: (text) => facts.problems.write(text),
    })
    // Commander would end the process, and with 1 whatever was wrong.
    .exitOverride();

  program
    .command('serve')
    .description('Start the gateway.')
    .action(async () => {
      const { serve } = await import('./serve.js');
      await serve({ ...facts, isTty: facts.output.isTTY === true });
    });

  const run = createRun(facts);
  for (const { name, description } of commandList) program.command(name).description(description);
  program.hook('preSubcommand', async (_, called) => {
    const entry = commandList.find(({ name }) => name === called.name());
    if (entry === undefined) return;
    const { define } = await entry.load();
    define(called, run);
    for (const leaf of leavesOf(called)) {
      leaf.option('--json', 'print the result as one JSON value').copyInheritedSettings(program);
    }
  });

  try {
    await program.parseAsync(askedOf(words, program), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version end with 0; what commander does not understand, with its own word said already, with ours.
    facts.setExitCode(error.exitCode === 0 ? exitCodes.ok : exitCodes.usage);
  }
}

/** As commander is to read them: nothing is `serve`, and of what is no command only that is said. */
function askedOf(words: readonly string[], program: Command): readonly string[] {
  const [first = 'serve', ...rest] = words;
  // `help provision` would print what commander knows before the command's file is loaded.
  const [name = first, ...others] = first === 'help' && rest.length > 0 ? [...rest, '--help'] : [first, ...rest];
  const isKnown = name === 'help' || name.startsWith('-') || program.commands.some((each) => each.name() === name);
  return isKnown ? [name, ...others] : [name];
}

function leavesOf(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}
