import { expect, test } from 'vitest';
import { Notes } from '../notes.ts';
import type { ResponsesTool } from './responses.ts';
import { ToolMap } from './tool-map.ts';

function mapped(tools: readonly ResponsesTool[]) {
  const notes = new Notes();
  const map = new ToolMap();
  map.add(tools, notes);
  return { map, notes: notes.list(), names: map.functions?.map((tool) => tool.function?.name) };
}

test('tools of one name are told apart, also on the way back', () => {
  const { map, names } = mapped([
    { type: 'function', name: 'a__b' },
    { type: 'namespace', name: 'a', tools: [{ type: 'function', name: 'b' }] },
    { type: 'custom', name: 'shell' },
    { type: 'shell' },
    { type: 'function', name: 'a__b' },
  ]);
  expect(names).toEqual(['a__b', 'a__b_2', 'shell', 'shell_2']);
  expect(map.toolOf('a__b_2')).toEqual({ kind: 'function', name: 'b', namespace: 'a' });
  expect(map.toolOf('shell_2')).toEqual({ kind: 'shell', name: 'shell' });
  expect(map.nameOf({ kind: 'function', name: 'b', namespace: 'a' })).toBe('a__b_2');
});

test('a tool that is gone keeps the name that it had, an unknown one is the client’s function', () => {
  const { map, names } = mapped([]);
  expect(names).toBeUndefined();
  expect(map.nameOf({ kind: 'function', name: 'x', namespace: 'mcp__s__' })).toBe('mcp__s__x');
  expect(map.toolOf('nobody')).toEqual({ kind: 'function', name: 'nobody' });
});

test.each<ResponsesTool>([
  { type: 'web_search', external_web_access: false },
  { type: 'file_search', vector_store_ids: [] },
  { type: 'code_interpreter', container: { type: 'auto' } },
  { type: 'image_generation' },
  { type: 'computer_use_preview' },
  { type: 'mcp', server_label: 's' },
  { type: 'tool_search' },
  { type: 'shell', environment: { type: 'container_auto' } },
  { type: 'something_new', name: 'n' },
  {},
])('$type is left out and said', (tool) => {
  const { names, notes } = mapped([tool, { type: 'function', name: 'kept' }]);
  expect(names).toEqual(['kept']);
  expect(notes).toHaveLength(1);
});

test.each(['web_search', 'web_search_preview', 'web_search_2025_08_26', 'web_search_preview_2025_03_11'])(
  '%s becomes the hub’s own words for a search',
  (type) => {
    const filters = { allowed_domains: ['example.com'] };
    const { map, names, notes } = mapped([{ type, filters, search_context_size: 'low' }]);
    expect([names, notes]).toEqual([undefined, []]);
    expect(map.search).toEqual({ filters, search_context_size: 'low', offered: true });
  },
);
