// Reads calendar files with ical.js and prints what it found as JSON.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const files = process.argv.slice(2).map((path) => {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(path, "utf-8")));
  const events = calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    const local = event.startDate.toJSDate();
    return {
      uid: event.uid,
      start: event.startDate.toString(),
      end: event.endDate.toString(),
      allDay: event.startDate.isDate,
      localDay: [local.getFullYear(), local.getMonth() + 1, local.getDate()],
      summary: event.summary,
      description: event.description,
      sequence: event.sequence,
      recurring: event.isRecurring(),
      status: component.getFirstPropertyValue("status"),
      stamp: component.getFirstPropertyValue("dtstamp").toString(),
      visibility: component.getFirstPropertyValue("class"),
      transparency: component.getFirstPropertyValue("transp"),
      alarms: component.getAllSubcomponents("valarm").map((alarm) => alarm.getFirstPropertyValue("trigger").toSeconds()),
    };
  });
  return { method: calendar.getFirstPropertyValue("method"), events };
});
process.stdout.write(JSON.stringify(files));
