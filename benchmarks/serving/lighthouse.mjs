// Holds pages that are reached by a form against Lighthouse: [{name, path, fields}] and where on stdin, scores out.
import { readFileSync } from "node:fs";
import { startFlow } from "lighthouse";
import puppeteer from "puppeteer-core";

const { address, chromium, pages } = JSON.parse(readFileSync(0, "utf-8"));
const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox"] });
try {
  for (const { name, path, fields } of pages) {
    const page = await browser.newPage();
    await page.goto(address);
    const flow = await startFlow(page, { config: { extends: "lighthouse:default", settings: {
      onlyCategories: ["accessibility", "best-practices", "performance"] } } });
    await flow.navigate(() => path === "/" ? page.goto(address) : page.evaluate((to, sent) => {
      const form = Object.assign(document.createElement("form"), { method: "post", action: to });
      for (const [key, value] of Object.entries(sent)) {
        form.append(Object.assign(document.createElement("input"), { type: "hidden", name: key, value }));
      }
      document.body.append(form);
      form.submit();
    }, path, fields));
    const [{ lhr }] = (await flow.createFlowResult()).steps;
    const scores = Object.fromEntries(Object.entries(lhr.categories).map(([key, each]) => [key, each.score]));
    const missed = Object.values(lhr.audits).filter((each) => each.score !== null && each.score < 0.9
      && Object.values(lhr.categories).some((kind) => kind.auditRefs.some((ref) => ref.id === each.id && ref.weight)))
      .map((each) => `${each.title}${each.details?.items?.length ? `: ${JSON.stringify(each.details.items).slice(0, 300)}` : ""}`);
    const paint = lhr.audits["largest-contentful-paint"]?.numericValue ?? null;
    console.log(JSON.stringify({ name, scores, paint, missed, version: lhr.lighthouseVersion }));
    await page.close();
  }
} finally {
  await browser.close();
}
