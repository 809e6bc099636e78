import createClient, { type Client } from "openapi-fetch";
import type { components as Business, paths as BusinessPaths } from "./business.js";
import type { components as Control, paths as ControlPaths } from "./control.js";
import { ok } from "./problem.js";
import { retrying, type Patience } from "./retrying.js";
import { signChallenge } from "./signing.js";
import { sample, type Contents, type Kind } from "./samples.js";

type Told = Business["schemas"];
type Lab = Control["schemas"];
type Body<P extends keyof ControlPaths> = ControlPaths[P] extends { post: { requestBody?: { content: { "application/json": infer B } } } } ? B : never;
type OfWorld = "/sandboxes/{sandbox}";

export type Status = Told["Status"];
/** A filing as it reads. */
export type FilingBody<K extends Kind = Kind> = {
  registration: Told["RegistrationFiling"];
  change: Told["ChangeFiling"];
  deregistration: Told["DeregistrationFiling"];
  mofcom_change: Told["MofcomChangeFiling"];
}[K];
/** How a world begins. */
export type WorldOptions = Lab["NewSandbox"];
/** What has an id, or the id. */
type Named = string | { id: string };

export interface Where extends Patience {
  /** Address of the simulator; `SINGLE_WINDOW_URL` or `http://127.0.0.1:8000` unless told. */
  url?: string;
  /** Of a simulator that listens beyond loopback; `SIM_CONTROL_TOKEN` unless told. */
  controlToken?: string;
}

/** The contract over HTTP by which the types were made: major.minor. */
export const CONTRACT_VERSION = "1.0";

/** A running simulator. */
export class SingleWindow {
  readonly url: string;
  /** Every operation of the control plane, typed by its path. */
  readonly control: Client<ControlPaths>;
  private readonly send: (request: Request) => Promise<Response>;
  private asked: Promise<void> | undefined;

  constructor({ url, controlToken, ...patience }: Where = {}) {
    this.url = (url ?? process.env.SINGLE_WINDOW_URL ?? "http://127.0.0.1:8000").replace(/\/+$/, "");
    this.send = retrying(patience);
    this.control = this.plane<ControlPaths>("/control/v1", controlToken ?? process.env.SIM_CONTROL_TOKEN);
  }

  /** One plane, as the holder of a token. */
  plane<Paths extends {}>(root: string, token?: string): Client<Paths> {
    const headers = token ? { Authorization: `Bearer ${token}` } : {};
    return createClient<Paths>({ baseUrl: this.url + root, headers, fetch: this.send });
  }

  /** A new world: enterprises, accounts, a customs house, and a clock frozen at 2021-12-01 09:00 unless told. */
  async world(wanted: WorldOptions = {}): Promise<World> {
    await (this.asked ??= this.askVersion().catch((failure: unknown) => {
      this.asked = undefined; // next time anew
      throw failure;
    }));
    return new World(this, await ok(this.control.POST("/sandboxes", { body: wanted })));
  }

  /** Warns where kit and simulator are not of one age. */
  private async askVersion(): Promise<void> {
    const { contract_version: contract } = await ok(this.plane<BusinessPaths>("/api/v1").GET("/version"));
    if (contract !== CONTRACT_VERSION) console.warn(`the simulator speaks contract ${contract}, this kit ${CONTRACT_VERSION}: types may be wrong`);
  }

  /** A world as it was exported, in a sandbox of its own. */
  async importWorld(snapshot: Lab["Snapshot"]): Promise<World> {
    return new World(this, await ok(this.control.POST("/sandboxes/import", { body: snapshot })));
  }
}

/** A sandbox: nobody else is in it. */
export class World {
  readonly id: string;
  readonly controlKey: string;
  readonly accounts: Lab["SandboxAccount"][];
  private readonly of: { path: { sandbox: string } };

  constructor(readonly sw: SingleWindow, opened: Lab["OpenedSandbox"]) {
    this.id = opened.id;
    this.controlKey = opened.control_key;
    this.accounts = opened.accounts;
    this.of = { path: { sandbox: this.id } };
  }

  /** Somebody at the portal, by role: `cardless` (not registered yet), `card`, `agent`, `personal`, `category:<code>`. */
  account(role: string, { card = false } = {}): Account {
    const found = this.accounts.find((one) => one.role === role);
    if (!found) throw new Error(`no account ${role}; there are ${this.accounts.map((one) => one.role).join(", ")}`);
    if (card && !found.card_token) throw new Error(`${role} holds no card`);
    return new Account(this, found, card ? found.card_token! : found.token);
  }

  /** A sheet that declares cleanly, a registration for `cardless`, the others for `card`; `changes` are laid over it. */
  sample<K extends keyof Contents>(kind: K, changes?: Contents[K]): Contents[K] {
    return sample(kind, changes);
  }

  /** Lets time pass: `"PT1H"`, `{ to }`, or `{ until: "next_event" | "idle" }`. What falls due happens, in order, before this answers. */
  advance(by: string | Lab["Advance"]): Promise<Lab["Advanced"]> {
    const body = typeof by === "string" ? { by } : by;
    return ok(this.sw.control.POST(`${OF}/clock/advance`, { params: this.of, body }));
  }

  /** Lets time pass until a moment: `"2021-12-02T09:00:00+08:00"`. */
  at(moment: string): Promise<Lab["Advanced"]> {
    return this.advance({ to: moment });
  }

  /** How the authority answers: `"reject; reason=address_mismatch"`. For all, for one filing, or for the next `times` declarations. */
  async scenario(scenario: string, { filing, times }: { filing?: Named; times?: number } = {}): Promise<void> {
    if (filing !== undefined) {
      const path = { ...this.of.path, filing: idOf(filing) };
      await ok(this.sw.control.PUT(`${OF}/filings/{filing}/scenario`, { params: { path }, body: { scenario } }));
    } else if (times !== undefined) {
      await ok(this.sw.control.POST(`${OF}/scenario-queue`, { params: this.of, body: { scenario, times } }));
    } else {
      await ok(this.sw.control.PUT(`${OF}/scenario`, { params: this.of, body: { scenario } }));
    }
  }

  /** A failure of transport or delivery: `world.fault("status; code=503", { match: { path: "/filings/*" }, times: 1 })`. */
  fault(fault: string, limits: Omit<Lab["CountedFault"], "fault"> | Omit<Lab["ChanceFault"], "fault"> = {}): Promise<Lab["Fault"]> {
    return ok(this.sw.control.POST(`${OF}/faults`, { params: this.of, body: { fault, ...limits } }));
  }

  /** Puts an enterprise, that of `card` unless named, in the middle of a documented trouble: `"not_synced"`. */
  situation(situation: Lab["SituationWanted"]["situation"], uscc?: string): Promise<Lab["Entered"]> {
    return ok(this.sw.control.POST(`${OF}/situation`, { params: this.of, body: { situation, ...(uscc ? { uscc } : {}) } }));
  }

  /** Keeps the whole state under a name. */
  async checkpoint(name: string): Promise<void> {
    await ok(this.sw.control.POST(`${OF}/checkpoints`, { params: this.of, body: { name } }));
  }

  /** Brings that state back, its clock too. */
  async restore(name: string): Promise<void> {
    const path = { ...this.of.path, checkpoint: name };
    await ok(this.sw.control.POST(`${OF}/checkpoints/{checkpoint}/restore`, { params: { path } }));
  }

  /** Fails unless the client under test sent that, once at least: `{ method: "POST", path: "/filings/*\/declare", exactly: 1 }`. */
  async verify({ exactly, atLeast, atMost, ...match }: Verification): Promise<void> {
    const count = given({ exactly, at_least: atLeast, at_most: atMost }) as Lab["Count"];
    const body = { match, ...(Object.keys(count).length ? { count } : {}) };
    const { ok: good, found, near_misses } = await ok(this.sw.control.POST(`${OF}/journal/verify`, { params: this.of, body }));
    if (good) return;
    const near = near_misses.map((one) => `  ${one.method} ${one.path} ${one.status}: ${one.differs}`);
    const wanted = Object.keys(count).length ? JSON.stringify(count) : "at least 1";
    throw new Error([`found ${found} of ${JSON.stringify(match)}, not ${wanted}`, ...(near.length ? ["near misses:", ...near] : [])].join("\n"));
  }

  /** Brings what customs know to the single window at once. */
  async sync(uscc?: string): Promise<string[]> {
    return (await ok(this.sw.control.POST(`${OF}/sync`, { params: this.of, body: uscc ? { uscc } : {} }))).synced;
  }

  /** What was sent to the portal and what was answered, the newest 500, newest first. */
  async journal(): Promise<Lab["Exchange"][]> {
    const params = { ...this.of, query: { limit: 500 } };
    return (await ok(this.sw.control.GET(`${OF}/journal`, { params }))).results;
  }

  /** Which states, refusals, scenarios and FAQ entries the client under test has met. */
  coverage(): Promise<Lab["Coverage"]> {
    return ok(this.sw.control.GET(`${OF}/coverage`, { params: this.of })) as Promise<Lab["Coverage"]>;
  }

  /** Why a filing is where it is, and what would move it. */
  explain(filing: Named): Promise<Lab["Explanation"]> {
    return ok(this.sw.control.GET(`${OF}/filings/{filing}/explain`, { params: { path: { ...this.of.path, filing: idOf(filing) } } }));
  }

  /** Walks a filing to a status, by every one between. */
  async trigger(filing: Named, to: Lab["Destination"]["to"], words: Lab["Rejection"] = {}): Promise<void> {
    const path = { ...this.of.path, filing: idOf(filing) };
    await ok(this.sw.control.POST(`${OF}/filings/{filing}/actions/advance`, { params: { path }, body: { to, ...words } }));
  }

  /** As it was when new; the tokens stay good. */
  async reset(): Promise<void> {
    await ok(this.sw.control.POST(`${OF}/reset`, { params: this.of }));
  }

  /** The whole state, to be imported elsewhere. */
  export(): Promise<Lab["Snapshot"]> {
    return ok(this.sw.control.GET(`${OF}/export`, { params: this.of }));
  }

  /** Sends every change of status to a receiver. */
  subscribe(url: string, more: Omit<Lab["WebhookWanted"], "url"> = {}): Promise<Lab["RegisteredWebhook"]> {
    return ok(this.sw.control.POST(`${OF}/webhooks`, { params: this.of, body: { url, ...more } }));
  }

  /** What was sent to receivers, newest first. */
  async deliveries(): Promise<Lab["Delivery"][]> {
    return (await ok(this.sw.control.GET(`${OF}/deliveries`, { params: { ...this.of, query: { limit: 500 } } }))).results;
  }

  /** An enterprise, account, card or filing made to measure. */
  fixture<W extends "enterprise" | "account" | "card" | "filing">(what: W, wanted: Body<`${OfWorld}/fixtures/${W}`>): Promise<Made[W]> {
    const path = `${OF}/fixtures/${what}` as `${OfWorld}/fixtures/enterprise`;
    return ok(this.sw.control.POST(path, { params: this.of, body: wanted as Lab["EnterpriseWanted"] })) as unknown as Promise<Made[W]>;
  }

  async delete(): Promise<void> {
    await ok(this.sw.control.DELETE(OF, { params: this.of }));
  }

  /** Where everything stands, to be read when a test has failed: each filing and why, and the last exchanges. */
  async report(): Promise<string> {
    const filings = (await ok(this.sw.control.GET(`${OF}/filings`, { params: this.of }))).results;
    const lines = [`world ${this.id} at ${(await ok(this.sw.control.GET(`${OF}/clock`, { params: this.of }))).now}`];
    for (const filing of filings) {
      lines.push(`filing ${filing.id} (${filing.kind}) ${told(await this.explain(filing.id))}`);
    }
    lines.push("last exchanges:");
    for (const one of (await this.journal()).slice(0, 10).reverse()) {
      lines.push(`  ${one.method} ${one.path} -> ${one.status}${one.code ? ` ${one.code}` : ""}${one.fault ? ` (fault ${one.fault})` : ""}`);
    }
    return lines.join("\n");
  }
}

/** What {@link World.verify} looks for. `path` may begin after `/api/v1`; `*` stands for anything. */
export type Verification = Lab["ExchangeMatch"] & { exactly?: number; atLeast?: number; atMost?: number };

interface Made {
  enterprise: Lab["MadeEnterprise"];
  account: Lab["MadeAccount"];
  card: Lab["MadeCard"];
  filing: Lab["HandledFiling"];
}

/** Somebody logged in at the portal. */
export class Account {
  readonly username: string;
  readonly uscc: string | null;
  /** Every operation of the business plane, typed by its path; its answers are not thrown, see {@link ok}. */
  readonly api: Client<BusinessPaths>;

  constructor(readonly world: World, readonly opened: Lab["SandboxAccount"], readonly token: string) {
    this.username = opened.username;
    this.uscc = opened.uscc;
    this.api = world.sw.plane<BusinessPaths>("/api/v1", token);
  }

  /** Logs in anew, by password. */
  async login(): Promise<Account> {
    const { username, password } = this.opened;
    return this.loggedIn({ sandbox: this.world.id, username, password });
  }

  /** Logs in anew, by card and PIN. */
  async loginByCard(): Promise<Account> {
    const { card_no, pin } = this.opened;
    if (!card_no || !pin) throw new Error(`${this.opened.role} holds no card`);
    return this.loggedIn({ sandbox: this.world.id, card_no, pin });
  }

  /** Logs in anew by card, signing a challenge with its private key (PEM): that of the virtual card unless told. */
  async loginByChallenge(pem?: string): Promise<Account> {
    const { card_no } = this.opened;
    if (!card_no) throw new Error(`${this.opened.role} holds no card`);
    const { sw, id: sandbox } = this.world;
    const key = pem ?? (await ok(sw.control.GET(`${OF}/cards/{card}/key`, { params: { path: { sandbox, card: card_no } } }))).private_key;
    const { random } = await ok(sw.plane<BusinessPaths>("/api/v1").POST("/sessions/challenge", { body: { sandbox, card_no } }));
    return this.loggedIn({ sandbox, card_no, random, signature: signChallenge(key, random) });
  }

  private async loggedIn(body: Told["PasswordLogIn"] | Told["CardLogIn"] | Told["SignatureLogIn"]): Promise<Account> {
    const { token } = await ok(this.world.sw.plane<BusinessPaths>("/api/v1").POST("/sessions", { body }));
    return new Account(this.world, this.opened, token);
  }

  /** A draft of a filing; `principal` (a USCC) where one files for another. */
  async file<K extends Kind = "registration">(content: Contents[K], more: Filed<K> = {}): Promise<Filing<K>> {
    const { kind = "registration" as K, mode = more.principal ? "agent" : "self", principal, clientReference } = more;
    const body = { kind, filing_mode: mode, content, ...given({ principal, client_reference: clientReference }) } as Told["NewFiling"];
    return new Filing<K>(this, (await ok(this.api.POST("/filings", { body }))) as FilingBody<K>);
  }

  /** A filing there is. */
  async filing<K extends Kind = Kind>(id: string): Promise<Filing<K>> {
    return new Filing<K>(this, (await ok(this.api.GET("/filings/{filing}", { params: { path: { filing: id } } }))) as FilingBody<K>);
  }
}

export interface Filed<K extends Kind> {
  kind?: K;
  mode?: Told["Mode"];
  principal?: string;
  clientReference?: string;
}

/** A filing as its applicant has it, as it was last read. */
export class Filing<K extends Kind = Kind> {
  private readonly at: { path: { filing: string } };

  constructor(readonly account: Account, public data: FilingBody<K>) {
    this.at = { path: { filing: data.id } };
  }

  get id(): string { return this.data.id; }
  get number(): string { return this.data.number; }
  get status(): Status { return this.data.status; }
  get stage(): Told["Stage"] { return this.data.stage; }
  get version(): number { return this.data.version; }
  get content(): Contents[K] { return this.data.content as Contents[K]; }

  async reload(): Promise<this> {
    return this.read(ok(this.account.api.GET("/filings/{filing}", { params: this.at })));
  }

  /** Lays changes over a draft (暂存). */
  async save(content: Contents[K]): Promise<this> {
    const body = { content } as Told["Patch"];
    return this.read(ok(this.account.api.PATCH("/filings/{filing}", { params: this.at, body })));
  }

  /** 申报. A scenario, if named, answers this declaration. */
  async declare({ scenario }: { scenario?: string } = {}): Promise<this> {
    const params = { ...this.at, header: given({ "X-Sim-Scenario": scenario }) };
    return this.read(ok(this.account.api.POST("/filings/{filing}/declare", { params })));
  }

  /** A new draft like it: the way on after 审批不通过. */
  async copy(): Promise<Filing<K>> {
    return new Filing<K>(this.account, (await ok(this.account.api.POST("/filings/{filing}/copy", { params: this.at }))) as FilingBody<K>);
  }

  async delete(): Promise<void> {
    await ok(this.account.api.DELETE("/filings/{filing}", { params: this.at }));
  }

  /** Attaches a file: pdf, jpg or png, 10 MB at most. */
  async attach(filename: string, content: Uint8Array<ArrayBuffer>, type: Told["AttachmentType"] = "other"): Promise<Told["Attachment"]> {
    const body = new FormData();
    body.append("type", type);
    body.append("file", new Blob([content]), filename);
    return ok(this.account.api.POST("/filings/{filing}/attachments", { params: this.at, body: body as never }));
  }

  /** Its changes of status, in order. */
  async timeline(): Promise<Told["Step"][]> {
    return (await ok(this.account.api.GET("/filings/{filing}/timeline", { params: this.at }))).results;
  }

  /** 回执, oldest first. */
  async receipts(): Promise<Told["Receipt"][]> {
    return (await ok(this.account.api.GET("/filings/{filing}/receipts", { params: this.at }))).results;
  }

  /**
   * Lets the world's clock pass, from one moment at which something is due to the next, until this filing is in that status, or at
   * that stage. Never sleeps. Throws where it came to another end, or nothing is due any more, and says why.
   */
  async until(status: Status | Told["Stage"]): Promise<this> {
    const { world } = this.account;
    for (await this.reload(); this.status !== status && this.stage !== status; await this.reload()) {
      const ended = this.data.stage === "decided";
      if (ended || !(await world.advance({ until: "next_event" })).fired.length) {
        throw new Error(`filing ${this.id} does not come to ${status}: ${told(await world.explain(this))}`);
      }
    }
    return this;
  }

  private async read(answer: Promise<Told["Filing"]>): Promise<this> {
    this.data = (await answer) as FilingBody<K>;
    return this;
  }
}

const OF = "/sandboxes/{sandbox}" as const;

function idOf(filing: Named): string {
  return typeof filing === "string" ? filing : filing.id;
}

/** The members that were told. */
function given<T extends object>(members: T): { [M in keyof T]?: Exclude<T[M], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}

/** Where a filing is and what would move it, in a few words. */
function told({ status, scenario, next_event, unblock, set_aside }: Lab["Explanation"]): string {
  const parts = [
    `is ${status}`,
    scenario ? `answered by ${scenario.text} (${scenario.source})` : "",
    next_event ? `next ${next_event.verb} at ${next_event.at}` : "nothing is due",
    ...set_aside.map((one) => `set aside: ${one.trouble}`),
    ...unblock,
  ];
  return parts.filter(Boolean).join("; ");
}
