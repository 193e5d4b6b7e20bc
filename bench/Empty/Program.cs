// The least that a web program of .NET does before its first answer: the ceiling of bench/start.sh.
var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/healthz/ready", () => "ready");
app.Run();
