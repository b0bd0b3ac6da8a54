// Theme and time zone of this browser. The server reads both from cookies, so that the first picture is already the right one.
const year = 60 * 60 * 24 * 365;
const dark = window.matchMedia("(prefers-color-scheme: dark)");

const read = name => document.cookie.split("; ").find(c => c.startsWith(name + "="))?.slice(name.length + 1) ?? "";
const write = (name, value) => {
  document.cookie = `${name}=${value}; path=/; max-age=${year}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
};

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";

export function current() {
  write("psaconsole.system", dark.matches ? "dark" : "light");
  write("psaconsole.zone", encodeURIComponent(zone()));
  return { theme: read("psaconsole.theme") || "system", systemIsDark: dark.matches, timeZone: zone() };
}

// From here on what is pressed reaches the server: styles and tests may wait for it.
export function interactive() {
  document.documentElement.dataset.interactive = "true";
}

export function choose(theme) {
  write("psaconsole.theme", theme);
}

export function watchSystem(listener) {
  const tell = () => {
    write("psaconsole.system", dark.matches ? "dark" : "light");
    listener.invokeMethodAsync("SystemThemeChanged", dark.matches);
  };
  dark.addEventListener("change", tell);
  return { stop: () => dark.removeEventListener("change", tell) };
}

current();
