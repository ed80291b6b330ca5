// Light or dark: after the system, unless the person says otherwise. Remembered here so that the first paint is right.

const KEY = "gantry-theme";

export function rememberedTheme(): string {
  try {
    return localStorage.getItem(KEY) ?? "system";
  } catch {
    return "system";
  }
}

export function applyTheme(theme: string): void {
  const root = document.documentElement;
  if (theme === "light" || theme === "dark") root.dataset["theme"] = theme;
  else delete root.dataset["theme"];
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A page without storage follows the system at its first paint; nothing else depends on it.
  }
}
