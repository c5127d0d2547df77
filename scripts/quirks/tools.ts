import type { Quirk } from './quirk.ts';

export const TOOL_QUIRKS: readonly Quirk[] = [
  {
    id: 'Q26',
    question: 'tool_choice required while thinking',
    rules: ['tool-choice'],
    code: ['src/dialect/tool-call-retry.ts'],
  },
  { id: 'Q27', question: 'a named function as tool_choice', rules: ['tool-choice', 'tool-choice-words'] },
  { id: 'Q28', question: 'required without tools', rules: ['tool-choice', 'empty-members'] },
  { id: 'Q29', question: 'functions and function_call', rules: ['functions-to-tools'] },
  { id: 'Q30', question: 'names of tools that Kimi does not take', rules: ['tool-names'] },
  { id: 'Q31', question: 'two tools with one name', rules: ['tool-count', 'tool-names'] },
  {
    id: 'Q32',
    question: 'more than 128 tools',
    rules: ['tool-count', 'dynamic-tools'],
    answer:
      'Refused with the number: which tools to give up is the client’s choice, and whether tools in messages count against the limit is not known.',
  },
  { id: 'Q33', question: 'a schema that is too large for Kimi Code', rules: ['tool-schema'] },
  { id: 'Q34', question: 'strict is true by default', rules: ['tool-schema', 'response-schema'] },
  {
    id: 'Q35',
    question: 'pieces of streamed calls, calls without a name',
    rules: ['tool-call-pieces', 'tool-validation'],
  },
  { id: 'Q36', question: 'tool calls that leak into text', rules: ['leaked-tool-calls'] },
  {
    id: 'Q37',
    question: 'the same call again and again',
    answer:
      'Not repaired: nothing is refused, and a reminder in the prompt would change what the client asked and its cached prefix. Counting equal calls belongs into the loop that carries them out, as the vendor’s page describes it.',
  },
  { id: 'Q38', question: 'type beside anyOf', rules: ['tool-schema', 'response-schema'] },
  { id: 'Q39', question: 'a union at the root', rules: ['tool-schema'], code: ['src/dialect/mfjs/root-object.ts'] },
  { id: 'Q40', question: 'no type', rules: ['tool-schema'], code: ['src/dialect/mfjs/types-of.ts'] },
  { id: 'Q41', question: 'references outside $defs', rules: ['tool-schema'], code: ['src/dialect/mfjs/references.ts'] },
  { id: 'Q42', question: 'references with siblings', rules: ['tool-schema'], code: ['src/dialect/mfjs/references.ts'] },
  { id: 'Q43', question: 'keywords outside the subset', rules: ['tool-schema'], code: ['src/dialect/mfjs/notes.ts'] },
  { id: 'Q44', question: 'tuples', rules: ['tool-schema'], code: ['src/dialect/mfjs/shape.ts'] },
  { id: 'Q45', question: 'nullable unions, mixed enums, boolean schemas', rules: ['tool-schema'] },
  { id: 'Q46', question: 'pictures on the public web', rules: ['public-images'], code: ['src/media/fetch-image.ts'] },
  { id: 'Q47', question: 'formats of pictures, broken pictures', rules: ['image-format'] },
  {
    id: 'Q48',
    question: 'sound, PDFs and files as parts',
    rules: ['content-parts'],
    answer:
      'Refused with the path of the part and the way to send the text instead, where nothing extracts it; a remark in earlier turns.',
  },
  { id: 'Q49', question: 'videos on Kimi Code, pictures for models that read text', rules: ['media-kinds'] },
  { id: 'Q50', question: 'pictures in the results of tools', rules: ['tool-result-media'] },
];
