import { z } from 'zod';
import { choice, size } from './fields.ts';

export const filesSchema = z.strictObject({
  max_bytes: size('The largest file that is let through to the platform, which itself takes 100 MB.').prefault(
    '100MiB',
  ),
  unowned: choice(
    'Files and batches that no inbound key is known to have made, such as those of the console: `hidden` from every key, or `shared` by all. Where no key is needed they are there.',
    ['hidden', 'shared'],
  ).prefault('hidden'),
  batch_lines: choice(
    'Lines of an uploaded batch file: `repair` gives each the model behind its alias and the rules of the dialect, as a request gets them; `as_is` lets them pass as they come.',
    ['repair', 'as_is'],
  ).prefault('repair'),
  text_bytes: size('The largest text of one document in a chat request.').prefault('4MiB'),
});
