// First steps of a client of the simulated 企业资质 module, in C#: one test, from a world of its own to its end. No package needed.
//
//   dotnet new console -f net8.0 -o FirstSteps && cp FirstSteps.cs FirstSteps/Program.cs
//   dotnet run --project FirstSteps
//
// BASE is where the simulator listens. One that listens beyond loopback, in a container say, wants its control token too:
// SIM_CONTROL_TOKEN. Ends with 0, or with 1 at the first expectation that does not hold. /api/v1 is the simulator's own: no public
// interface of the portal is known.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;

public static class FirstSteps
{
    public static async Task<int> Main()
    {
        // Two planes: /control/v1 is the test's (worlds, clock, scenarios, faults); /api/v1 is the portal's, and knows nothing of tests.
        var control = new Plane("/control/v1/sandboxes", Environment.GetEnvironmentVariable("SIM_CONTROL_TOKEN"));

        // A world: enterprises, accounts, a customs house, and a clock frozen at 2021-12-01 09:00.
        var world = await control.Post("", "{\"name\": \"first steps in C#\"}");
        var sandbox = "/" + world.Text("id");
        try
        {
            // cardless: the enterprise that is not registered yet.
            var cardless = world.Rows("accounts").Single(account => account.GetProperty("role").GetString() == "cardless");
            await Steps(control, sandbox, new Plane("/api/v1", cardless.GetProperty("token").GetString()));
            return 0;
        }
        catch (Unexpected unexpected)
        {
            Console.Error.WriteLine(unexpected.Message);
            return 1;
        }
        finally
        {
            await control.Delete(sandbox);
        }
    }

    private static async Task Steps(Plane control, string sandbox, Plane portal)
    {
        // Draft (暂存) the reference registration. Under its key it is drafted once, however often this is sent.
        var registration = (await new Plane("/first-steps", null).Get("/reference-registration.json")).Body;
        var drafted = await portal.Post("/filings", registration, idempotencyKey: "first-steps-1");
        Expect("drafted", 201, drafted.Status);
        var filing = "/filings/" + drafted.Text("id");

        // A documented refusal: problem+json with a stable code, the FAQ number and the document's words.
        var refused = await portal.Patch(filing, "{\"content\": {\"express_operator\": true}}");
        Expect("refused", 422, refused.Status);
        Expect("as", "application/problem+json", refused.MediaType);
        Expect("its code", "express_not_allowed", refused.Text("code"));
        Expect("its FAQ number", "2.19", refused.Text("faq"));

        // Declare (申报), and let a day pass: each reply of the platform and of customs comes at its own moment.
        var declared = await portal.Post(filing + "/declare", idempotencyKey: "first-steps-2");
        Expect("declared", "declared", declared.Text("status"));
        await control.Post(sandbox + "/clock/advance", "{\"by\": \"P1D\"}");
        Expect("a day later", "approved", (await portal.Get(filing)).Text("status"));
        Expect("timeline", "draft declared sent stored manual_review approved", (await portal.Get(filing + "/timeline")).Column("to"));
        Expect("receipts (回执)", "成功发往海关 海关入库成功 转人工审核 审批通过", (await portal.Get(filing + "/receipts")).Column("text"));

        // The same from the beginning (tokens stay valid), but customs refuses. A registration's reason is told by customs only (2.6).
        await control.Post(sandbox + "/reset");
        await control.Put(sandbox + "/scenario", "{\"scenario\": \"reject; reason=address_mismatch\"}");
        var rejected = "/filings/" + (await portal.Post("/filings", registration)).Text("id");
        await portal.Post(rejected + "/declare");
        await control.Post(sandbox + "/clock/advance", "{\"until\": \"idle\"}");
        Expect("customs refuses", "rejected", (await portal.Get(rejected)).Text("status"));
        var receipts = (await portal.Get(rejected + "/receipts")).Rows("results");
        Expect("no reason in the receipts", false, receipts.Any(receipt => receipt.TryGetProperty("reason", out _)));

        // The way on is a copy. The line breaks after it was made, before the answer: send it again with the same key.
        await control.Post(
            sandbox + "/faults",
            "{\"fault\": \"cut_after_commit\", \"match\": {\"method\": \"POST\", \"path\": \"/api/v1/filings/*/copy\"}, \"times\": 1}");
        Answer copied;
        try
        {
            // HttpClient by itself sends a request without a body again when no byte of the answer came.
            copied = await portal.Post(rejected + "/copy", idempotencyKey: "first-steps-3");
        }
        catch (Exception broken) when (broken is HttpRequestException || broken is IOException)
        {
            copied = await portal.Post(rejected + "/copy", idempotencyKey: "first-steps-3");
        }
        Expect("answered from the store", true, copied.Replayed);
        Expect("filings: it and one copy", 2, (await portal.Get("/filings")).Rows("results").Count);

        // The journal: what this client really sent.
        var verified = await control.Post(
            sandbox + "/journal/verify",
            "{\"match\": {\"method\": \"POST\", \"path\": \"/api/v1/filings/*/copy\", \"status\": 201}, \"count\": {\"exactly\": 2}}");
        Expect("sent twice, done once", true, verified.Json.GetProperty("ok").GetBoolean());
    }

    private static void Expect<T>(string what, T wanted, T found)
    {
        if (!EqualityComparer<T>.Default.Equals(wanted, found))
        {
            throw new Unexpected($"FAILED  {what}: expected {wanted}, got {found}");
        }
        Console.WriteLine($"ok  {what}: {found}");
    }

    private sealed class Unexpected : Exception
    {
        public Unexpected(string message) : base(message) { }
    }

    /// <summary>One plane of the simulator, as the holder of a token.</summary>
    private sealed class Plane
    {
        private static readonly string Base = Environment.GetEnvironmentVariable("BASE") ?? "http://127.0.0.1:8000";
        private static readonly HttpClient Http = new HttpClient();
        private readonly string root;
        private readonly string? token;

        public Plane(string root, string? token)
        {
            this.root = root;
            this.token = token;
        }

        public Task<Answer> Get(string path) => Call(HttpMethod.Get, path);

        public Task<Answer> Post(string path, string? json = null, string? idempotencyKey = null) =>
            Call(HttpMethod.Post, path, json, idempotencyKey);

        public Task<Answer> Put(string path, string json) => Call(HttpMethod.Put, path, json);

        public Task<Answer> Patch(string path, string json) => Call(HttpMethod.Patch, path, json);

        public Task<Answer> Delete(string path) => Call(HttpMethod.Delete, path);

        private async Task<Answer> Call(HttpMethod method, string path, string? json = null, string? idempotencyKey = null)
        {
            using (var request = new HttpRequestMessage(method, Base + root + path))
            {
                if (!string.IsNullOrEmpty(token))
                {
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                }
                if (idempotencyKey != null)
                {
                    request.Headers.Add("Idempotency-Key", idempotencyKey);
                }
                if (json != null)
                {
                    request.Content = new StringContent(json, Encoding.UTF8, "application/json");
                }
                using (var response = await Http.SendAsync(request))
                {
                    return new Answer(response, await response.Content.ReadAsStringAsync());
                }
            }
        }
    }

    /// <summary>What came back: a refusal is an answer too.</summary>
    private sealed class Answer
    {
        public Answer(HttpResponseMessage response, string body)
        {
            Status = (int)response.StatusCode;
            MediaType = response.Content.Headers.ContentType?.MediaType ?? "";
            Replayed = response.Headers.Contains("Idempotency-Replayed");
            Body = body;
        }

        public int Status { get; }
        public string MediaType { get; }
        public bool Replayed { get; }
        public string Body { get; }

        public JsonElement Json => JsonDocument.Parse(Body).RootElement;

        public string Text(string name) => Json.GetProperty(name).GetString() ?? "";

        public List<JsonElement> Rows(string name) => Json.GetProperty(name).EnumerateArray().ToList();

        /// <summary>One member of each result, in order.</summary>
        public string Column(string name) => string.Join(" ", Rows("results").Select(row => row.GetProperty(name).GetString()));
    }
}
