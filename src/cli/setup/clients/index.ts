import type { Client } from '../client.ts';
import { aiSdk } from './ai-sdk.ts';
import { aider } from './aider.ts';
import { cherryStudio } from './cherry-studio.ts';
import { claudeCode } from './claude-code.ts';
import { clawdbot } from './clawdbot.ts';
import { cline } from './cline.ts';
import { codex } from './codex.ts';
import { continueDev } from './continue.ts';
import { kimiCode } from './kimi-code.ts';
import { langchain } from './langchain.ts';
import { lobechat } from './lobechat.ts';
import { nextchat } from './nextchat.ts';
import { openWebui } from './open-webui.ts';
import { openaiNode } from './openai-node.ts';
import { openaiPython } from './openai-python.ts';
import { openclaw } from './openclaw.ts';
import { opencode } from './opencode.ts';
import { rooCode } from './roo-code.ts';
import { zed } from './zed.ts';

/** In the order of the list: agents, editors, chat apps, libraries. */
export const CLIENTS: readonly Client[] = [
  clawdbot,
  openclaw,
  claudeCode,
  codex,
  opencode,
  kimiCode,
  cline,
  rooCode,
  continueDev,
  aider,
  zed,
  nextchat,
  lobechat,
  openWebui,
  cherryStudio,
  openaiPython,
  openaiNode,
  aiSdk,
  langchain,
];
