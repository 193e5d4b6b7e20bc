using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace SelfHelpPortal.Platform.Web;

/// <summary>What a static page answers beside its markup.</summary>
internal static class PageAnswers
{
    extension(HttpContext context)
    {
        /// <summary>
        /// 404 with the page's own words. Set only when the answer starts: Blazor drops a page that carries it earlier, for the general
        /// one.
        /// </summary>
        public void NotFoundHere() =>
            context.Response.OnStarting(() => Replace(context.Response, StatusCodes.Status200OK, StatusCodes.Status404NotFound));

        /// <summary>What was typed cannot be taken; the page shows it again.</summary>
        public void Unprocessable() => context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;

        public void TooManyTries(DateTimeOffset? retryAt, DateTimeOffset now)
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            var seconds = Math.Max(1, Math.Ceiling(((retryAt ?? now) - now).TotalSeconds));
            context.Response.Headers.RetryAfter = seconds.ToString("0", CultureInfo.InvariantCulture);
        }

        /// <summary>Post, redirect, get: a reload of what follows repeats nothing.</summary>
        public void SeeOther(NavigationManager navigation, string path)
        {
            context.Response.OnStarting(() => Replace(context.Response, StatusCodes.Status302Found, StatusCodes.Status303SeeOther));
            navigation.NavigateTo(path);
        }
    }

    /// <summary>Not where the page has failed since: an error page takes its place and has a status of its own.</summary>
    private static Task Replace(HttpResponse response, int from, int to)
    {
        if (response.StatusCode == from)
        {
            response.StatusCode = to;
        }

        return Task.CompletedTask;
    }
}
