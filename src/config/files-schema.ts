import { z } from 'zod';
import { size } from './fields.ts';

export const filesSchema = z.strictObject({
  max_bytes: size('The largest file that is let through to the platform, which itself takes 100 MB.').prefault(
    '100MiB',
  ),
  text_bytes: size('The largest text of one document in a chat request.').prefault('4MiB'),
});
