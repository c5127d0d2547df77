import { type DoctorCheck, type Finding, ok, warning } from '../doctor-check.ts';
import type { Examination } from '../examination.ts';
import { ask, onEachSurface, type Subject } from '../trial.ts';

const QUESTION = { messages: [{ role: 'user', content: 'Say ok.' }] };
const SHOWN = 40;

export const answer: DoctorCheck = {
  id: 'answer',
  group: 'answers',
  title: { en: 'Sent a tiny request to each surface', zh: '向各接入面发送一个小请求' },
  run: (examination) => onEachSurface(examination, answered),
};

async function answered(subject: Subject, examination: Examination): Promise<Finding> {
  const { completion, totalMs } = await ask(subject, examination, QUESTION);
  const [choice] = completion.choices ?? [];
  const content = choice?.message?.content;
  const text = (typeof content === 'string' ? content : '').trim().replaceAll(/\s+/g, ' ');
  const ms = Math.round(totalMs);
  if (text === '') {
    return warning(
      {
        en: `an answer without text (${choice?.finish_reason ?? 'no reason'}) in ${ms} ms`,
        zh: `回答没有文本（${choice?.finish_reason ?? '无原因'}），${ms} 毫秒`,
      },
      {
        advice: {
          en: 'length: it thought up to its limit, which is no fault; else try another --model.',
          zh: 'length：思考用完了上限，不算故障；否则请换一个 --model。',
        },
      },
    );
  }
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return ok({ en: `answered “${shown}” in ${ms} ms`, zh: `${ms} 毫秒内回答“${shown}”` });
}
