// The slowest tests of some runs, from the junit reports that `deno test` writes.
// `deno run --allow-read scripts/slowest_tests.ts FOLDER` prints them, of all reports in and below FOLDER.

/** How many tests are shown. */
const COUNT = 10;
const CHARACTERS: Readonly<Record<string, string>> = {
  ...{ lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" },
};

interface Timing {
  readonly file: string;
  readonly name: string;
  readonly seconds: number;
}

/** The tests of a report, without their steps. */
function timings(report: string): Timing[] {
  const tests = report.matchAll(/<testcase name="([^"]*)" classname="([^"]*)" time="([\d.]+)"/g);
  return Array.from(tests, ([, name = "", file = "", time]) => ({
    ...{ file: decode(file), name: decode(name), seconds: Number(time) },
  })).filter(({ name }) => !name.includes(" > "));
}

/** A text without XML's entities. */
function decode(text: string): string {
  return text.replace(/&(\w+);/g, (entity, name: string) => CHARACTERS[name] ?? entity);
}

/** The texts of all reports in and below a folder. */
export function reportsIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    if (isDirectory) return reportsIn(path);
    return name.endsWith(".xml") ? [Deno.readTextFileSync(path)] : [];
  });
}

/** The slowest tests, a line each under a heading. */
export function slowest(reports: readonly string[]): string {
  const rows = reports.flatMap(timings).sort((a, b) => b.seconds - a.seconds).slice(0, COUNT)
    .map(({ file, name, seconds }) => {
      // A test that a harness declares counts as the harness's own, so its file says nothing.
      const where = file.endsWith("_test.ts") ? ` (${file})` : "";
      return `${seconds.toFixed(1).padStart(6)}  ${name}${where}`;
    });
  return ["The slowest tests, in seconds:", ...rows].join("\n");
}

if (import.meta.main) console.log(slowest(Deno.args.flatMap(reportsIn)));
