// A world of the simulated 企业资质 module for each test, in one file for .NET 8, without a package: for xUnit, NUnit, MSTest or none.
// Untried on .NET 8, and by the tests of the simulator. Less its nullable annotations it was once compiled by Mono's compiler and run
// whole on .NET Core 3.1; the kit in Java, beside which it was written, is run by those tests.
//
//   await using var world = await new SingleWindow().World(new { scenario = "approve" });
//   var clerk = world.Account("cardless");
//   var filing = await clerk.File("registration", await world.Sample("registration"));
//   await filing.Declare();
//   await filing.Until("approved");
//   await world.Verify("POST", "/filings/*/declare", exactly: 1);
//
// /api/v1 is the simulator's own: no public interface of the portal is known.
#nullable enable

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading.Tasks;

namespace Swsim
{
    /// <summary>A running simulator.</summary>
    public sealed class SingleWindow
    {
        /// <param name="url">Its address; SINGLE_WINDOW_URL or http://127.0.0.1:8000 unless told.</param>
        /// <param name="controlToken">Of a simulator that listens beyond loopback; SIM_CONTROL_TOKEN unless told.</param>
        public SingleWindow(string? url = null, string? controlToken = null)
        {
            Url = (url ?? Environment.GetEnvironmentVariable("SINGLE_WINDOW_URL") ?? "http://127.0.0.1:8000").TrimEnd('/');
            Control = new Plane(Url + "/control/v1", controlToken ?? Environment.GetEnvironmentVariable("SIM_CONTROL_TOKEN"));
        }

        public string Url { get; }

        /// <summary>The control plane, for whatever has no name here.</summary>
        public Plane Control { get; }

        /// <summary>A new world, its clock frozen at 2021-12-01 09:00 unless told: new { situation, scenario, clock, seed, name }.</summary>
        public async Task<World> World(object? wanted = null) => new World(this, await Control.Post("/sandboxes", wanted ?? new { }).Ok());
    }

    /// <summary>A sandbox: nobody else is in it. Disposed, it is deleted.</summary>
    public sealed class World : IAsyncDisposable
    {
        private readonly SingleWindow simulator;
        private readonly JsonElement opened;

        internal World(SingleWindow simulator, JsonElement opened)
        {
            this.simulator = simulator;
            this.opened = opened;
            Id = opened.Text("id");
            Control = new Plane(simulator.Url + "/control/v1/sandboxes/" + Id, opened.Text("control_key"));
        }

        public string Id { get; }

        /// <summary>What the control plane has of this world, for whatever has no name here.</summary>
        public Plane Control { get; }

        /// <summary>Somebody at the portal, by role: cardless (not registered yet), card, agent, personal, category:CODE.</summary>
        public Account Account(string role, bool card = false)
        {
            var found = opened.Rows("accounts").Where(one => one.Text("role") == role).ToList();
            if (found.Count == 0)
            {
                throw new ArgumentException($"no account {role}; there are {string.Join(", ", opened.Rows("accounts").Select(one => one.Text("role")))}");
            }
            var token = found[0].Text(card ? "card_token" : "token");
            return token != "" ? new Account(this, simulator.Url, found[0], token) : throw new ArgumentException($"{role} holds no card");
        }

        /// <summary>A sheet that declares cleanly: a registration for cardless, the others for card.</summary>
        public async Task<Dictionary<string, object>> Sample(string kind)
        {
            switch (kind)
            {
                case "registration":
                    var reference = await new Plane(simulator.Url, null).Get("/first-steps/reference-registration.json").Ok();
                    return reference.GetProperty("content").EnumerateObject().ToDictionary(one => one.Name, one => (object)one.Value);
                case "change":
                case "mofcom_change":
                    return new Dictionary<string, object> { ["address_cn"] = "广东省深圳市福田区福中三路1008号" };
                case "deregistration":
                    return new Dictionary<string, object> { ["reason"] = "停止经营" };
                case "annual_report":
                    return new Dictionary<string, object>
                    {
                        ["contact_name"] = "张演练", ["contact_phone"] = "0755-83160000", ["traded"] = true, ["import_amount"] = "500.00",
                        ["export_amount"] = "500.00", ["declaration_count"] = "120", ["processing_trade"] = false,
                        ["cross_border_types"] = new string[0],
                    };
                default:
                    throw new ArgumentException($"no kind {kind}");
            }
        }

        /// <summary>Lets time pass: "PT1H", "P1D". What falls due happens, in order, before this ends: fired, deliveries.</summary>
        public Task<JsonElement> Advance(string by) => Control.Post("/clock/advance", new { by }).Ok();

        /// <summary>Until "next_event" or "idle".</summary>
        public Task<JsonElement> AdvanceUntil(string until) => Control.Post("/clock/advance", new { until }).Ok();

        /// <summary>Lets time pass until a moment: "2021-12-02T09:00:00+08:00".</summary>
        public Task<JsonElement> At(string to) => Control.Post("/clock/advance", new { to }).Ok();

        /// <summary>How the authority answers: "reject; reason=address_mismatch". All, one filing, or the next so many declarations.</summary>
        public Task Scenario(string scenario, Filing? filing = null, int? times = null)
        {
            if (filing != null)
            {
                return Control.Put($"/filings/{filing.Id}/scenario", new { scenario }).Ok();
            }
            return (times == null ? Control.Put("/scenario", new { scenario }) : Control.Post("/scenario-queue", new { scenario, times })).Ok();
        }

        /// <summary>A failure of transport or delivery, so many times: "status; code=503", "POST", "/filings/*/declare".</summary>
        public Task Fault(string fault, string method, string path, int times = 1) =>
            Control.Post("/faults", new { fault, match = new { method, path }, times }).Ok();

        /// <summary>Puts the enterprise of card in the middle of a documented trouble: "not_synced".</summary>
        public Task<JsonElement> Situation(string situation) => Control.Post("/situation", new { situation }).Ok();

        /// <summary>Keeps the whole state under a name.</summary>
        public Task Checkpoint(string name) => Control.Post("/checkpoints", new { name }).Ok();

        /// <summary>Brings that state back, its clock too.</summary>
        public Task Restore(string name) => Control.Post($"/checkpoints/{Uri.EscapeDataString(name)}/restore").Ok();

        /// <summary>Brings what customs know to the single window at once.</summary>
        public Task Sync() => Control.Post("/sync", new { }).Ok();

        /// <summary>Fails unless the client under test sent that, once at least unless told; with what comes near.</summary>
        public async Task Verify(string method, string path, int? status = null, int? exactly = null, int? atLeast = null, int? atMost = null)
        {
            var match = Given(("method", method), ("path", path), ("status", status));
            var count = Given(("exactly", exactly), ("at_least", (exactly ?? atMost ?? atLeast) == null ? 1 : atLeast), ("at_most", atMost));
            var answer = await Control.Post("/journal/verify", new { match, count }).Ok();
            if (!answer.GetProperty("ok").GetBoolean())
            {
                var near = answer.Rows("near_misses").Select(one => $"\n  {one.Text("method")} {one.Text("path")} {one.Text("status")}: {one.Text("differs")}");
                throw new Unexpected($"found {answer.Text("found")} of {Json.Write(match)}, not {Json.Write(count)}; near misses:{string.Concat(near)}");
            }
        }

        private static Dictionary<string, object> Given(params (string Name, object? Value)[] members) =>
            members.Where(one => one.Value != null).ToDictionary(one => one.Name, one => one.Value!);

        /// <summary>Why a filing is where it is, and what would move it.</summary>
        public Task<JsonElement> Explain(string filing) => Control.Get($"/filings/{filing}/explain").Ok();

        /// <summary>Walks a filing to a status, by every one between.</summary>
        public Task Trigger(string filing, string to) => Control.Post($"/filings/{filing}/actions/advance", new { to }).Ok();

        /// <summary>An enterprise, account, card or filing made to measure.</summary>
        public Task<JsonElement> Fixture(string what, object wanted) => Control.Post("/fixtures/" + what, wanted).Ok();

        /// <summary>As it was when new; the tokens stay good.</summary>
        public Task Reset() => Control.Post("/reset").Ok();

        public Task Delete() => Control.Delete("").Ok();

        public ValueTask DisposeAsync() => new ValueTask(Delete());
    }

    /// <summary>Somebody logged in at the portal; every call of the business plane is one of Get, Post, Patch, Delete.</summary>
    public sealed class Account : Plane
    {
        private readonly string url;
        private readonly JsonElement opened;

        internal Account(World world, string url, JsonElement opened, string token) : base(url + "/api/v1", token)
        {
            World = world;
            Token = token;
            this.url = url;
            this.opened = opened;
        }

        public World World { get; }

        public string Username => opened.Text("username");

        public string Uscc => opened.Text("uscc");

        /// <summary>For the client under test: what it sends as Authorization: Bearer.</summary>
        public string Token { get; }

        /// <summary>Logs in anew, by password.</summary>
        public Task<Account> Login() => LoggedIn(new { sandbox = World.Id, username = Username, password = opened.Text("password") });

        /// <summary>Logs in anew, by card and PIN.</summary>
        public Task<Account> LoginByCard() => LoggedIn(new { sandbox = World.Id, card_no = opened.Text("card_no"), pin = opened.Text("pin") });

        private async Task<Account> LoggedIn(object credentials)
        {
            var session = await new Plane(url + "/api/v1", null).Post("/sessions", credentials).Ok();
            return new Account(World, url, opened, session.Text("token"));
        }

        /// <summary>A draft of a filing; principal (a USCC) where one files for another.</summary>
        public async Task<Filing> File(string kind, object content, string? principal = null)
        {
            object body = principal == null
                ? new { kind, filing_mode = "self", content }
                : (object)new { kind, filing_mode = "agent", principal, content };
            return new Filing(this, await Post("/filings", body).Ok());
        }
    }

    /// <summary>A filing as its applicant has it, as it was last read.</summary>
    public sealed class Filing
    {
        private readonly Account account;

        internal Filing(Account account, JsonElement data)
        {
            this.account = account;
            Data = data;
        }

        public JsonElement Data { get; private set; }

        public string Id => Data.Text("id");

        public string Number => Data.Text("number");

        public string Status => Data.Text("status");

        public string Stage => Data.Text("stage");

        public JsonElement Content => Data.GetProperty("content");

        public Task<Filing> Reload() => Read(account.Get("/filings/" + Id));

        /// <summary>Lays changes over a draft (暂存).</summary>
        public Task<Filing> Save(object content) => Read(account.Patch("/filings/" + Id, new { content }));

        /// <summary>申报.</summary>
        public Task<Filing> Declare() => Read(account.Post($"/filings/{Id}/declare"));

        /// <summary>A new draft like it: the way on after 审批不通过.</summary>
        public async Task<Filing> Copy() => new Filing(account, await account.Post($"/filings/{Id}/copy").Ok());

        public Task Delete() => account.Delete("/filings/" + Id).Ok();

        /// <summary>Attaches a file, pdf, jpg or png, 10 MB at most; type: record_form, licence or other.</summary>
        public Task<JsonElement> Attach(string filename, byte[] content, string type = "other") =>
            account.PostFile($"/filings/{Id}/attachments", filename, content, type).Ok();

        /// <summary>Its statuses, in order.</summary>
        public async Task<List<string>> Timeline() =>
            (await account.Get($"/filings/{Id}/timeline").Ok()).Rows("results").Select(one => one.Text("to")).ToList();

        /// <summary>回执, oldest first.</summary>
        public async Task<List<JsonElement>> Receipts() => (await account.Get($"/filings/{Id}/receipts").Ok()).Rows("results");

        /// <summary>Lets the world's clock pass, from one due moment to the next, until this filing is in that status, or at that
        /// stage. Never sleeps. Fails where it came to another end, or nothing is due any more, and says why.</summary>
        public async Task<Filing> Until(string status)
        {
            while ((await Reload()).Status != status && Stage != status)
            {
                if (Stage == "decided" || (await account.World.AdvanceUntil("next_event")).Rows("fired").Count == 0)
                {
                    throw new Unexpected($"filing {Id} does not come to {status}: {await account.World.Explain(Id)}");
                }
            }
            return this;
        }

        private async Task<Filing> Read(Task<Answer> answer)
        {
            Data = await answer.Ok();
            return this;
        }
    }

    /// <summary>What was expected did not come.</summary>
    public sealed class Unexpected : Exception
    {
        public Unexpected(string message) : base(message) { }
    }

    /// <summary>A refusal, as the simulator tells it (RFC 9457), or an answer that was none of its own.</summary>
    public sealed class Problem : Exception
    {
        internal Problem(Answer answer) : base($"{answer.Status} {answer.Body}")
        {
            Status = answer.Status;
            Raw = answer.Refusal;
        }

        public int Status { get; }

        /// <summary>The answer as it came.</summary>
        public JsonElement Raw { get; }

        /// <summary>Stable, to be compared; empty where the answer was not the simulator's.</summary>
        public string Code => Raw.Text("code");

        /// <summary>The words of the document, where it has some.</summary>
        public string Detail => Raw.Text("detail");

        /// <summary>The entry of the FAQ it rests on, "2.10"; empty if none.</summary>
        public string Faq => Raw.Text("faq");

        /// <summary>What to do.</summary>
        public string Remedy => Raw.Text("remedy");

        /// <summary>Every field that is wrong, at once: pointer, code, detail, faq.</summary>
        public List<JsonElement> Errors => Raw.Rows("errors");
    }

    /// <summary>One plane of the simulator, as the holder of a token. It sends again after a cut connection, after 502, 503 and 504, and
    /// after a 429 that says when: what reads, what replaces, and every POST, which carries one Idempotency-Key over all its tries, so that
    /// it has its effect once. A refusal by a documented rule and a wait on the sandbox's clock are answers.</summary>
    public class Plane
    {
        private const int Tries = 4;
        private static readonly HttpClient Http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        private readonly string root;
        private readonly string? token;

        internal Plane(string root, string? token)
        {
            this.root = root;
            this.token = token;
        }

        public Task<Answer> Get(string path) => Send(HttpMethod.Get, path);

        public Task<Answer> Post(string path, object? body = null) => Send(HttpMethod.Post, path, body);

        public Task<Answer> Put(string path, object body) => Send(HttpMethod.Put, path, body);

        public Task<Answer> Patch(string path, object body) => Send(HttpMethod.Patch, path, body);

        public Task<Answer> Delete(string path) => Send(HttpMethod.Delete, path);

        internal Task<Answer> PostFile(string path, string filename, byte[] content, string type) => Send(
            HttpMethod.Post,
            path,
            () => new MultipartFormDataContent { { new StringContent(type), "type" }, { new ByteArrayContent(content), "file", filename } });

        private Task<Answer> Send(HttpMethod method, string path, object? body = null) =>
            Send(method, path, () => body == null ? null : new StringContent(Json.Write(body), Encoding.UTF8, "application/json"));

        private async Task<Answer> Send(HttpMethod method, string path, Func<HttpContent?> body)
        {
            var key = Guid.NewGuid().ToString();
            var most = method == HttpMethod.Patch || method == HttpMethod.Delete ? 1 : Tries;
            for (var tried = 1; ; tried++)
            {
                var pause = TimeSpan.FromMilliseconds(50 << tried);
                try
                {
                    var answer = await SendOnce(method, path, body(), key);
                    var asked = answer.AskedAgainAfter();
                    if (asked == null || tried == most)
                    {
                        return answer;
                    }
                    pause = asked.Value > pause ? asked.Value : pause;
                }
                catch (Exception broken) when ((broken is HttpRequestException || broken is IOException) && tried < most)
                {
                    // The line broke: it is sent again.
                }
                await Task.Delay(pause);
            }
        }

        private async Task<Answer> SendOnce(HttpMethod method, string path, HttpContent? body, string key)
        {
            using (var request = new HttpRequestMessage(method, root + path))
            {
                if (!string.IsNullOrEmpty(token))
                {
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                }
                if (method == HttpMethod.Post && !path.StartsWith("/sessions"))
                {
                    request.Headers.Add("Idempotency-Key", key);
                }
                request.Content = body;
                using (var response = await Http.SendAsync(request))
                {
                    return new Answer(response, await response.Content.ReadAsStringAsync());
                }
            }
        }
    }

    /// <summary>What came back: a refusal is an answer too.</summary>
    public sealed class Answer
    {
        private static readonly int[] ForAWhile = { 502, 503, 504 };
        private static readonly string[] UnderWay = { "idempotency_in_flight", "clock_advancing" };
        private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
        private readonly TimeSpan? retryAfter;

        internal Answer(HttpResponseMessage response, string body)
        {
            Status = (int)response.StatusCode;
            MediaType = response.Content.Headers.ContentType?.MediaType ?? "";
            retryAfter = response.Headers.RetryAfter?.Delta;
            Body = body;
        }

        public int Status { get; }

        public string MediaType { get; }

        public string Body { get; }

        public JsonElement Json => Swsim.Json.Read(Body == "" ? "{}" : Body);

        /// <summary>The refusal; empty where the answer is none of the simulator's.</summary>
        internal JsonElement Refusal => MediaType == "application/problem+json" ? Json : Swsim.Json.Read("{}");

        /// <summary>After how long an answer may be another one; null: this is the answer.</summary>
        internal TimeSpan? AskedAgainAfter()
        {
            if (Status < 400 || Refusal.Text("faq") != "" || Refusal.Text("retry_at") != "")
            {
                return null;
            }
            var waits = ForAWhile.Contains(Status)
                || (Status == 429 && retryAfter != null)
                || (Status == 409 && UnderWay.Contains(Refusal.Text("code")));
            var asked = retryAfter ?? TimeSpan.Zero;
            return waits && asked <= Longest ? asked : (TimeSpan?)null;
        }
    }

    /// <summary>Reading what came.</summary>
    public static class Json
    {
        private static readonly JsonSerializerOptions AsItIs = new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        public static JsonElement Read(string text) => JsonDocument.Parse(text).RootElement;

        public static string Write(object value) => JsonSerializer.Serialize(value, AsItIs);

        /// <summary>What was answered; a refusal is thrown as a Problem.</summary>
        public static async Task<JsonElement> Ok(this Task<Answer> answering)
        {
            var answer = await answering;
            return answer.Status < 400 ? answer.Json : throw new Problem(answer);
        }

        /// <summary>A member as text; empty where there is none, and for null.</summary>
        public static string Text(this JsonElement of, string name) => of.TryGetProperty(name, out var found) ? found.ToString() : "";

        public static List<JsonElement> Rows(this JsonElement of, string name) =>
            of.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.Array ? found.EnumerateArray().ToList() : new List<JsonElement>();
    }
}
