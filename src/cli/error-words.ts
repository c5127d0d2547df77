import { ERRORS, type ErrorCode, type ErrorRow } from '../errors.ts';

/** A row of the table of errors in Chinese: what it means, and the advice where the table has one. */
interface ChineseRow {
  readonly what: string;
  readonly advice?: string;
}

/** The gateway answers clients in English; whoever reads the command line in Chinese is told what its codes mean. */
const CHINESE: Readonly<Record<ErrorCode, ChineseRow>> = {
  invalid_json: { what: '请求体不是有效的 JSON' },
  invalid_request: { what: '请求无效' },
  strict_repairs: {
    what: '严格模式：该请求需要修正才能发送',
    advice: '请自行按列出的内容修正，或去掉 `x-moongate-strict`。',
  },
  context_length_exceeded: {
    what: '请求超出模型的上下文窗口',
    advice: '请缩短消息、降低 `max_completion_tokens`，或换用窗口更大的模型（`moongate models`）。',
  },
  content_filter: { what: '接入面的内容过滤拒绝了该请求', advice: '换凭据也会被拒绝；请改写内容。' },
  unsupported_by_surface: { what: '该接入面做不到请求所要求的，而路由上没有其他接入面提供该模型' },
  search_unavailable: { what: '能提供该模型的接入面都不能联网搜索' },
  invalid_api_key: {
    what: '该网关需要入站密钥',
    advice: '请以 `Authorization: Bearer …` 或 `x-api-key` 发送。密钥列在 moongate.yaml 的 `keys` 中。',
  },
  admin_key_needed: {
    what: '该路径需要管理密钥',
    advice:
      '请以 `Authorization: Bearer …` 或 `x-admin-key` 发送 moongate.yaml 的 `admin_key`（MOONGATE_ADMIN_KEY）。网关只监听本机且没有入站密钥时，本机无需管理密钥。',
  },
  admin_off: {
    what: '没有设置管理密钥，该路径已关闭',
    advice: '请在 moongate.yaml 中设置 `admin_key`，或设置 MOONGATE_ADMIN_KEY。',
  },
  admin_locked: {
    what: '来自该地址的错误管理密钥过多',
    advice: '请等待 Retry-After 所示的时间；在此之前正确的密钥也会被拒绝。',
  },
  origin_refused: {
    what: '不允许该来源的网页使用网关',
    advice: '如果是您自己的网页，请把来源加入 moongate.yaml 的 `allowed_origins`。',
  },
  host_refused: {
    what: 'Host 请求头不是该网关的名称',
    advice: '请使用网关自己的地址，或把名称加入 moongate.yaml 的 `allowed_hosts`。',
  },
  key_expired: { what: '该密钥已过期', advice: '网关的管理者可以另发一个（`moongate keys create`）。' },
  key_revoked: { what: '该密钥已被吊销', advice: '网关的管理者可以另发一个（`moongate keys create`）。' },
  key_locked: {
    what: '来自该地址的错误密钥过多',
    advice: '正确的密钥不受影响。再次尝试前请等待 Retry-After 所示的时间。',
  },
  model_not_allowed: { what: '该密钥不能使用此模型', advice: 'GET /v1/models 列出可用的模型。' },
  key_rate_limited: { what: '该密钥已达到速率上限' },
  key_busy: { what: '该密钥进行中的请求过多' },
  budget_exhausted: { what: '该密钥的预算不足以完成调用' },
  not_found: { what: '没有找到' },
  not_offered: { what: 'Kimi 没有与该路径对应的功能' },
  resource_not_found: { what: '没有这个文件或批处理' },
  no_files: { what: '文件与批处理需要开放平台的密钥' },
  unknown_model: { what: '没有这个模型', advice: 'GET /v1/models 列出可用的模型。' },
  method_not_allowed: { what: '该路径不接受此方法' },
  body_timeout: { what: '请求体没有及时到达' },
  previous_response_not_found: { what: '要继续的响应没有保存' },
  background_full: { what: '后台运行的响应过多' },
  conversation_busy: {
    what: '该对话的另一轮正在进行',
    advice: '同一对话的各轮依次应答。请重试；使用相同的 Idempotency-Key 不会重复记录。',
  },
  conversation_lost: {
    what: '该对话所在的接入面会话已不存在',
    advice: '设置 `conversations.on_lost: replay` 可把历史发给新会话；也可以分出新对话，新对话有自己的会话。',
  },
  conversation_full: {
    what: '该对话已达到大小上限',
    advice: '请新建对话、从较早的消息分出，或调大 moongate.yaml 的 `conversations.conversation_bytes`。',
  },
  request_too_large: { what: '请求体过大', advice: '请缩短，或调大 moongate.yaml 的 `limits.body_bytes`。' },
  unsupported_content_type: { what: '请求体必须是 JSON', advice: '请以 `content-type: application/json` 发送。' },
  client_closed: { what: '客户端在回答完成之前断开' },
  upstream_refused: { what: '接入面拒绝了该请求' },
  upstream_redirect: {
    what: '接入面返回了跳转，网关不会跟随：凭据绝不发往其他主机',
    advice: '如果信任跳转的目标，请把该接入面的 `base_url` 改为它。',
  },
  upstream_auth: {
    what: '接入面不接受该凭据',
    advice:
      '请检查密钥：platform.kimi.com 的密钥用于 moonshot-cn，platform.kimi.ai 的密钥用于 moonshot-ai，两者不能互换。',
  },
  upstream_permission: { what: '该凭据在接入面上没有此权限' },
  client_refused: {
    what: '接入面不放行该客户端',
    advice:
      'Kimi Code 的 OpenAI 协议面只放行厂商认可的编码客户端。请为该接入面设置 `face: anthropic`，该协议面无需审批（`face: auto` 会自动选用）；也可以用厂商名单中的客户端调用；或设置 `user_agent_version`，其风险见文档。',
  },
  account_terminated: {
    what: '厂商已关闭该凭据的账号',
    advice: '只有厂商能恢复。请把该凭据移出 moongate.yaml。',
  },
  concurrency_limited: { what: '该凭据的账号进行中的请求过多' },
  upstream_model_not_found: {
    what: '接入面不向该凭据提供此模型',
    advice: 'GET /v1/models 列出已配置的凭据可用的模型。',
  },
  upstream_too_large: { what: '接入面认为请求过大', advice: '请缩短历史，或缩小其中的图片。' },
  upstream_missing: {
    what: '接入面上没有该路径',
    advice: '请检查 moongate.yaml 中该接入面的 `base_url`。',
  },
  quota_exhausted: { what: '该凭据的账号没有剩余额度', advice: '请充值，或添加其他账号的凭据。' },
  rate_limited: { what: '该凭据的账号已达到速率上限' },
  overloaded: { what: '接入面的引擎过载' },
  upstream_error: { what: '对方返回错误' },
  upstream_unreachable: {
    what: '无法连接接入面',
    advice: '请检查网络，以及 moongate.yaml 中 `surfaces` 下的地址。',
  },
  upstream_garbled: { what: '无法理解接入面的回答' },
  upstream_too_long: { what: '接入面的回答超过上限' },
  stream_cut: { what: '接入面的流在结束之前中断' },
  first_byte_timeout: { what: '接入面没有及时开始应答' },
  idle_timeout: { what: '接入面在回答中途停止发送' },
  total_timeout: { what: '回答超过了配置的总时限' },
  internal: { what: '内部错误；详情见网关日志中的请求 id' },
  no_credentials: { what: '网关没有可用于该模型的凭据' },
  all_resting: { what: '所有可用的凭据都在休息' },
  storage_unavailable: {
    what: '无法连接网关的数据库',
    advice: '不需要数据库的功能仍可使用。原因见网关日志；网关会自动重新连接。',
  },
  storage_unusable: {
    what: '网关的数据库无法使用',
    advice: '请换上备份（由 `moongate backup` 制作），或移走它以使用空数据库。',
  },
  stopping: { what: '网关正在停止' },
  config_invalid: { what: '配置无效' },
};

/** What an English message of that code means, and then the message itself where it says more than the table does. */
export function inChinese(code: ErrorCode, message: string): string {
  const { what } = CHINESE[code];
  if (message === ERRORS[code].message) return `${what}。`;
  if (code === 'config_invalid') return problemsInChinese(message);
  return message.includes('\n') ? `${what}：\n${message}` : `${what}：${message}`;
}

/** The problems of a configuration stand in lines of their own, under a heading. */
function problemsInChinese(message: string): string {
  const [, count, problems] = /^The configuration (?:is not valid|has (\d+) problems):\n([\s\S]*)$/.exec(message) ?? [];
  if (problems === undefined) return `配置无效：${message}`;
  return `${count === undefined ? '配置无效：' : `配置有 ${count} 个问题：`}\n${problems}`;
}

/** The advice of the table; any other stays in the words of whoever gave it. */
export function adviceInChinese(code: ErrorCode, hint: string): string {
  const { advice } = CHINESE[code];
  const row: ErrorRow = ERRORS[code];
  return advice !== undefined && hint === row.hint ? advice : hint;
}
