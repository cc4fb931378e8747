import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isMonth, monthBefore, monthOf } from '../../../kernel/calendar-month.ts';
import type { Seconds } from '../../../kernel/time.ts';
import type { MonthReport } from '../../../store/months/month-types.ts';
import { jsonAnswer, type RouteDoc } from '../../api/route-doc.ts';
import { badRequest } from '../../bad-request.ts';
import { asCsv, csvSeparator, WRONG_SEPARATOR } from '../../csv-answer.ts';
import { html } from '../../html.ts';
import { maySeeMachines, PAGE, pageFile } from '../../page-access.ts';
import { known, must } from '../../query.ts';
import { readingJson } from '../../reading-json.ts';
import type { WebBackend } from '../../web-backend.ts';
import { sendPage } from '../send-page.ts';
import { readingPart } from '../still-reading.ts';
import { reportCsv } from './report-csv.ts';
import { reportLinks, reportMain } from './report-main.ts';

const Month = z
  .string(must('be a month such as 2026-10'))
  .refine(isMonth, must('be a month such as 2026-10'))
  .optional();

const Asked = known({ month: Month });
/** Its name says which month it has, but few who fetch it by a program look at that. */
const AskedFile = z.looseObject({ month: Month });
const AskedPage = z.object({ month: z.string().refine(isMonth) });

const REPORT: RouteDoc = {
  summary: 'A month for an auditor: machines by product, hosts and keys, outages; the last month unless said otherwise',
  query: Asked,
  answers: { 200: jsonAnswer('The report', 'month') },
};

export function reportPages(app: FastifyInstance, backend: WebBackend): void {
  app.get('/api/v1/report', { config: { doc: REPORT } }, async (request, reply) => {
    const asked = Asked.safeParse(request.query);
    if (!asked.success) return badRequest(reply, asked.error);
    const found = await backend.store().month(asked.data.month ?? lastMonth(backend));
    if (!found.ok) return unavailable(reply, found.error.text);
    const report = maySeeMachines(request, backend.access()) ? found.value : withoutNames(found.value);
    return reply.send({ ...report, reading: readingJson(backend) });
  });
  app.get('/report', { config: PAGE }, async (request, reply) => {
    const month = monthAsked(request) ?? lastMonth(backend);
    const found = await backend.store().month(month);
    const main = html`${reportLinks(month)}${readingPart(backend)}${found.ok ? reportMain(found.value) : html`<h1>Report of ${month}</h1><p class="error" role="alert">${found.error.text}</p>`}`;
    const page = { title: `Report of ${month}`, at: 'report', main, version: backend.version } as const;
    return sendPage(found.ok ? reply : reply.code(503).header('Retry-After', 5), page);
  });
  app.get('/report.csv', { config: pageFile('A month for an auditor', 'text/csv') }, async (request, reply) => {
    const separator = csvSeparator(request);
    if (separator === undefined) return reply.code(400).send({ error: WRONG_SEPARATOR });
    const asked = AskedFile.safeParse(request.query);
    if (!asked.success) return badRequest(reply, asked.error);
    const month = asked.data.month ?? lastMonth(backend);
    const found = await backend.store().month(month);
    if (!found.ok) return unavailable(reply, found.error.text);
    return asCsv(reply, `kmswatch-${month}.csv`).send(reportCsv(found.value, separator));
  });
}

/** For those who may not see the names of machines: its figures say the rest. */
function withoutNames(report: MonthReport): MonthReport {
  return { ...report, move: report.move && { ...report.move, still_renewing: [] } };
}

/** The newest that is over. */
function lastMonth(backend: WebBackend): string {
  return monthBefore(monthOf(backend.logs().now as Seconds));
}

/** A page shows all that fits, whatever else is in its address. */
function monthAsked({ query }: FastifyRequest): string | undefined {
  return AskedPage.safeParse(query).data?.month;
}

function unavailable(reply: FastifyReply, error: string): FastifyReply {
  return reply.code(503).header('Retry-After', 5).send({ error });
}
