import { createTheme, type MantineColorsTuple } from '@mantine/core';

const flame: MantineColorsTuple = [
  '#fff3ea', '#ffe4d2', '#ffc7a4', '#ffa772', '#fd8b47', '#f2711c', '#e0620f', '#c2500a', '#a04009', '#7d3107',
];

/* Mantine's greys, with the green of the header in them. */
const dark: MantineColorsTuple = [
  '#c8d0cc', '#b2bdb7', '#8f9c95', '#6b7871', '#3f4a45', '#313b36', '#28312d', '#1b2220', '#151b18', '#0f1412',
];

export const theme = createTheme({
  primaryColor: 'flame',
  primaryShade: { light: 7, dark: 6 },
  colors: { flame, dark },
  defaultRadius: 'sm',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
});
