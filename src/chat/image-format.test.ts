import { describe, expect, test } from 'vitest';
import { formatOf, imageTypeOf } from './image-format.ts';
import { publicImageUrls } from './public-image-urls.ts';

const url = (mime: string, bytes: readonly number[] | string) =>
  `data:${mime};base64,${Buffer.from(typeof bytes === 'string' ? bytes : [...bytes]).toString('base64')}`;

describe('the format of a picture', () => {
  test.each([
    [url('image/jpg', [0xff, 0xd8, 0xff, 0xe0]), 'image/jpeg'],
    [url('image/png', 'RIFF1234WEBPVP8 '), 'image/webp'],
    [url('application/octet-stream', 'GIF89a......'), 'image/gif'],
    [url('image/heic', [0, 0, 0, 24, ...Buffer.from('ftypheic')]), 'image/heic'],
    [url('image/png', 'who knows what'), 'image/png'],
    [url('image/png', '%PDF-1.7'), undefined],
    [url('image/avif', [0, 0, 0, 24, ...Buffer.from('ftypavif')]), undefined],
    [url('image/svg+xml', '<svg xmlns'), undefined],
    [url('text/plain', 'hello'), undefined],
  ])('%s', (given, type) => {
    const format = formatOf(given);
    expect(format && imageTypeOf(format)).toBe(type);
  });

  test('what is no data URL has none', () => {
    for (const other of ['ms://file_1', 'https://example.org/a.png', 'data:image/svg+xml,<svg>']) {
      expect(formatOf(other)).toBe(undefined);
    }
  });
});

test('pictures on the public web are found', () => {
  const image = (address: unknown) => ({ type: 'image_url', image_url: address });
  const messages = [
    { role: 'user', content: 'https://example.org/not-a-part.png' },
    null,
    {
      role: 'user',
      content: [{ type: 'text', text: 'x' }, image({ url: 'HTTPS://example.org/a.png' }), image('http://b.org/b.gif')],
    },
    { role: 'user', content: [image({ url: 'data:image/png;base64,' }), image({ url: 'ms://f' }), image(3)] },
  ];
  expect(publicImageUrls(messages)).toEqual(['HTTPS://example.org/a.png', 'http://b.org/b.gif']);
  expect(publicImageUrls('x')).toEqual([]);
});
