import { createTheme, type MantineColorsTuple } from '@mantine/core';

const flame: MantineColorsTuple = [
  '#fff3ea', '#ffe4d2', '#ffc7a4', '#ffa772', '#fd8b47', '#f2711c', '#e0620f', '#c2500a', '#a04009', '#7d3107',
];

export const theme = createTheme({
  primaryColor: 'flame',
  primaryShade: { light: 7, dark: 6 },
  colors: { flame },
  defaultRadius: 'sm',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
});
