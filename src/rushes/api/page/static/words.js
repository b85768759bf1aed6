// Times, lengths and colours as the terminal shows them.

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (number) => String(number).padStart(2, "0");

// The clock for today, the weekday within a week, else the date.
export function moment(told, now = new Date()) {
  const made = new Date(told);
  const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());
  const days = Math.round((midnight(now) - midnight(made)) / 86_400_000);
  if (days === 0) return `${two(made.getHours())}:${two(made.getMinutes())}:${two(made.getSeconds())}`;
  if (days > 0 && days < 7) return `${DAYS[made.getDay()]} ${made.getDate()}`;
  const month = MONTHS[made.getMonth()];
  return made.getFullYear() === now.getFullYear() ? `${made.getDate()} ${month}`
    : `${month} ${made.getFullYear()}`;
}

export function clock(seconds) {
  const whole = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

// The same to a tenth of a second.
export function fineClock(seconds) {
  const tenths = Math.floor(seconds * 10 + 1e-6);
  return `${clock(tenths / 10)}.${tenths % 10}`;
}

export function length(seconds) {
  if (seconds === null) return "–";
  return seconds < 99.95 ? `${seconds.toFixed(1)}s` : clock(seconds);
}

// How long all takes are together.
export function total(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return `${Math.round(seconds)} s`;
  return minutes < 60 ? `${minutes} m` : `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}

// The class that gives a profile its colour, the same one as in the terminal (CRC-32 of its id).
export function profileClass(id) {
  let found = 0xffffffff;
  for (const byte of new TextEncoder().encode(id)) {
    found ^= byte;
    for (let bit = 0; bit < 8; bit += 1) found = (found >>> 1) ^ (found & 1 ? 0xedb88320 : 0);
  }
  return `p${((found ^ 0xffffffff) >>> 0) % 10}`;
}

export const stars = (rating) => "★".repeat(rating ?? 0);
