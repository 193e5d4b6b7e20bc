using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Vendor;

/// <summary>Section <c>Brand</c>.</summary>
internal sealed class BrandOptions
{
    public const string Section = "Brand";

    /// <summary>Path of the folder with the vendor's pictures; empty: none.</summary>
    public string? Folder { get; set; }
}

/// <summary>What a picture of a product shows: where somebody finds this.</summary>
public enum BrandPlace
{
    Key,
    Hardware,
    License,
}

/// <param name="File">Its name in the folder.</param>
/// <param name="De">What it shows, in words, for who does not see it.</param>
/// <param name="En">The same in English.</param>
internal sealed record ProductPicture(string File, string ProductId, BrandPlace Place, BrandPicture Picture, string De, string En)
{
    public string Words => Languages.Current == Languages.German ? De : En;
}

/// <summary>
/// The vendor's pictures as files with fixed names in one folder. Its PNG files are those that <c>Vendor:Logo</c> and the like name, for
/// pages, invoices and phones; an SVG stands on the pages instead. Read once, at the start.
/// </summary>
internal sealed class BrandFolder
{
    /// <summary>The pictures of <see cref="VendorSettings.ImagePaths"/> by the names of their files, without the ending.</summary>
    private static readonly Dictionary<string, string> Names = new()
    {
        ["logo"] = "logo",
        ["logoDark"] = "logo-dark",
        ["icon"] = "icon",
    };

    private static readonly string[] Endings = [".svg", ".png"];

    /// <summary>What file managers and people leave behind.</summary>
    private static readonly string[] Ignored = ["thumbs.db", "desktop.ini", "readme.txt"];

    private readonly Dictionary<string, BrandPicture> _drawings = [];
    private readonly List<ProductPicture> _products = [];
    private readonly List<string> _complaints = [];

    private BrandFolder()
    {
    }

    /// <summary>For pages; null: the PNG, or the vendor's name.</summary>
    public BrandPicture? Logo => _drawings.GetValueOrDefault("logo");

    /// <inheritdoc cref="Logo"/>
    public BrandPicture? LogoDark => _drawings.GetValueOrDefault("logoDark");

    /// <summary>For the tab of a browser; null: the PNG, or the portal's own.</summary>
    public BrandPicture? Icon => _drawings.GetValueOrDefault("icon");

    public IReadOnlyList<ProductPicture> Products => _products;

    /// <summary>A sentence for everything that cannot be used.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <returns>The picture with this name in its address.</returns>
    public BrandPicture? Find(string name) =>
        _drawings.Values.Concat(_products.Select(p => p.Picture)).FirstOrDefault(picture => picture.Name == name);

    public IReadOnlyList<ProductPicture> Of(BrandPlace place) => [.. _products.Where(p => p.Place == place)];

    /// <returns>The path of a PNG in the folder; null when there is none that can be used.</returns>
    /// <param name="path">Of <see cref="VendorSettings.ImagePaths"/>.</param>
    public static string? PngAt(string? folder, string path, IHostEnvironment environment) =>
        VendorText.Given(folder) is { } given && Path.Combine(environment.Resolve(given), Names[path] + ".png") is var file
            && File.Exists(file) && VendorImages.Complaint(path, file, environment) is null
            ? file
            : null;

    public static BrandFolder Open(IOptions<BrandOptions> options, IHostEnvironment environment) =>
        Read(options.Value.Folder, environment);

    public static BrandFolder Read(string? folder, IHostEnvironment environment)
    {
        var brand = new BrandFolder();
        if (VendorText.Given(folder) is { } given)
        {
            brand.Fill(environment.Resolve(given));
        }

        return brand;
    }

    private void Fill(string folder)
    {
        Dictionary<string, byte[]> files;
        try
        {
            files = Directory.GetFiles(folder)
                .Where(f => Path.GetFileName(f) is var name && !name.StartsWith('.')
                    && !Ignored.Contains(name, StringComparer.OrdinalIgnoreCase))
                .ToDictionary(f => Path.GetFileName(f), File.ReadAllBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _complaints.Add($"{BrandOptions.Section}:Folder is {folder}, which cannot be read: {e.Message}");
            return;
        }

        HashSet<string> known = [];
        foreach (var file in files.Keys.Order(StringComparer.Ordinal).Where(f => Endings.Contains(Path.GetExtension(f))))
        {
            var stem = Path.GetFileNameWithoutExtension(file);
            if (Names.FirstOrDefault(n => n.Value == stem).Key is { } path)
            {
                known.Add(file);
                TakeLogo(folder, file, path, files[file]);
            }
            else if (PlaceOf(stem) is var (product, place))
            {
                known.UnionWith([file, stem + ".de.txt", stem + ".en.txt"]);
                TakePicture(folder, file, product, place, files);
            }
        }

        foreach (var file in files.Keys.Where(f => !known.Contains(f)).Order(StringComparer.Ordinal))
        {
            Complain(folder, file, "the portal knows logo, logo-dark and icon as .svg or .png, and of each product PRODUCT-key, "
                + "PRODUCT-hardware and PRODUCT-license as .svg or .png with its words in .de.txt and .en.txt.");
        }

        if (LogoDark is not null && Logo is null && !files.ContainsKey("logo.png"))
        {
            Complain(folder, "logo-dark.svg", "there is neither a logo.svg nor a logo.png beside it.");
        }
    }

    private void TakeLogo(string folder, string file, string path, byte[] bytes)
    {
        var (picture, problem) = BrandPicture.Read(file, bytes, BrandPicture.MaxLogoBytes);
        if (picture is { ContentType: VendorImage.ContentType })
        {
            problem = VendorImage.Read(path, bytes).Problem?.English;
        }
        else if (picture is not null && path == "icon" && Math.Abs(picture.Width - picture.Height) > 0.5)
        {
            problem = "an icon is as wide as it is high.";
        }

        if (problem is not null)
        {
            Complain(folder, file, problem);
        }
        else if (picture is { ContentType: BrandPicture.Svg })
        {
            _drawings[path] = picture;
        }
    }

    private void TakePicture(string folder, string file, string product, BrandPlace place, Dictionary<string, byte[]> files)
    {
        var (picture, problem) = BrandPicture.Read(file, files[file], BrandPicture.MaxPictureBytes);
        var (de, en) = (TextIn(".de.txt"), TextIn(".en.txt"));
        if (problem is not null)
        {
            Complain(folder, file, problem);
        }
        else if (_products.Exists(p => p.ProductId == product && p.Place == place))
        {
            Complain(folder, file, "there is another one with another ending.");
        }
        else if (de is not null && en is not null)
        {
            _products.Add(new(file, product, place, picture!, de, en));
        }

        string? TextIn(string ending)
        {
            var name = Path.GetFileNameWithoutExtension(file) + ending;
            if (files.TryGetValue(name, out var bytes)
                && VendorText.Given(System.Text.Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF')) is { Length: <= 300 } text)
            {
                return text;
            }

            Complain(folder, name,
                $"it has to say in a sentence, at most 300 characters, what {file} shows, for people who do not see it.");
            return null;
        }
    }

    private void Complain(string folder, string file, string problem) =>
        _complaints.Add($"{BrandOptions.Section}:{nameof(BrandOptions.Folder)}: {Path.Combine(folder, file)}: {problem}");

    private static (string Product, BrandPlace Place)? PlaceOf(string stem)
    {
        foreach (var place in Enum.GetValues<BrandPlace>())
        {
            var ending = "-" + place.ToString().ToLowerInvariant();
            if (stem.Length > ending.Length && stem.EndsWith(ending, StringComparison.Ordinal))
            {
                return (stem[..^ending.Length], place);
            }
        }

        return null;
    }
}
