/** Steps that several window tests take on the practice host. */
import type { LaunchedApp } from './app';

/** From the welcome page to the practice host's map, as a first-time user goes. */
export async function openPracticeHost({ page }: LaunchedApp): Promise<void> {
  await page.getByRole('button', { name: 'Try the practice host' }).click();
  await page.getByRole('group', { name: /^Map of/ }).getByText('git', { exact: true }).waitFor();
}
