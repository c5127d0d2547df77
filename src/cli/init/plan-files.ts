import { join } from 'node:path';
import { splitPasted } from '../../config/pasted.ts';
import { mergeDocument, readDocument } from '../edit/document.ts';
import { type PlannedEdit, planEdit } from '../edit/planned-edit.ts';
import { readEditable } from '../edit/text-file.ts';
import { Entries, type WantedMap } from '../edit/wanted.ts';
import { type Answers, VARIABLES } from './answers.ts';

/** The variable of the key for clients: MOONGATE_… would be read as settings. */
const CLIENT_VARIABLE = 'MY_CLIENT_KEY';

const HEADER = `# The gateway's configuration. Everything that can be set: docs/configuration.md
# \${NAME} stands for a variable of the environment or of .env, which lies beside this file and holds the secrets.
`;

/** What is to be written into a folder: secrets into .env, everything else into moongate.yaml. */
export function planFiles(folder: string, configFile: string, answers: Answers): readonly PlannedEdit[] {
  const secrets = planSecrets(join(folder, '.env'), answers);
  const config = planConfig(configFile, answers);
  return [secrets, config].filter((edit) => edit !== undefined);
}

/** A variable that holds other keys already gets the new one beside them: nothing is lost without a word. */
function planSecrets(path: string, { credentials, clientKey }: Answers): PlannedEdit | undefined {
  const known = readDocument({ name: path, format: 'env', text: readEditable(path).text ?? '' });
  const wanted: Record<string, string> = {};
  for (const { surface, secret } of credentials) {
    const name = VARIABLES[surface];
    const before = wanted[name] ?? known[name];
    const keys = typeof before === 'string' ? splitPasted(before) : [];
    wanted[name] = [...new Set([...keys, secret.reveal()])].join(',');
  }
  if (clientKey !== undefined) wanted[CLIENT_VARIABLE] = clientKey.reveal();
  if (Object.keys(wanted).length === 0) return undefined;
  const edit = planEdit(path, 'env', wanted);
  // A file that is about to hold secrets is its owner's alone, whatever it was before.
  return edit === undefined ? undefined : { ...edit, file: { ...edit.file, mode: 0o600 } };
}

function planConfig(path: string, answers: Answers): PlannedEdit | undefined {
  const wanted = configOf(answers);
  const file = readEditable(path);
  if (file.text !== undefined) return planEdit(path, 'yaml', wanted);
  // It holds no secret, and a service may run under another name.
  return {
    file: { ...file, mode: 0o644 },
    after: HEADER + mergeDocument({ name: path, format: 'yaml', text: '' }, wanted),
  };
}

function configOf({ credentials, listen, clientKey }: Answers): WantedMap {
  const surfaces = [...new Set(credentials.map(({ surface }) => surface))];
  return {
    ...(listen === undefined ? {} : { listen }),
    ...(surfaces.length === 0
      ? {}
      : { surfaces: Object.fromEntries(surfaces.map((id) => [id, { credentials: references(id) }])) }),
    ...(clientKey === undefined ? {} : { keys: new Entries('name', [{ name: 'me', key: `\${${CLIENT_VARIABLE}}` }]) }),
  };
}

const references = (id: keyof typeof VARIABLES) => new Entries('key', [{ key: `\${${VARIABLES[id]}}` }]);
